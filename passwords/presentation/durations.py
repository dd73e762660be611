"""Times in words, in the visitor's language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from passwords.domain.guessing import Duration, Unit

if TYPE_CHECKING:
    from fractions import Fraction

_THOUSAND: Final = 1000
_TRILLION: Final = 10**12
_MINUTES_PER_HOUR: Final = 60
_MINUTES_PER_DAY: Final = 1440

_NAMES: Final = {
    Unit.SECOND: ngettext_lazy("%(number)s second", "%(number)s seconds", "count"),
    Unit.MINUTE: ngettext_lazy("%(number)s minute", "%(number)s minutes", "count"),
    Unit.HOUR: ngettext_lazy("%(number)s hour", "%(number)s hours", "count"),
    Unit.DAY: ngettext_lazy("%(number)s day", "%(number)s days", "count"),
    Unit.YEAR: ngettext_lazy("%(number)s year", "%(number)s years", "count"),
}
# By the power of a thousand.
_MANY_YEARS: Final = (
    _("%(number)s years"),
    _("%(number)s thousand years"),
    _("%(number)s million years"),
    _("%(number)s billion years"),
)
_UNIVERSE_AGES: Final = (
    _("%(number)s times the age of the universe"),
    _("%(number)s thousand times the age of the universe"),
    _("%(number)s million times the age of the universe"),
    _("%(number)s billion times the age of the universe"),
)


def in_words(duration: Duration) -> str:
    """Return *duration* as people say it; the powers of ten in it are HTML."""
    amount = duration.amount
    if not amount:
        return gettext("less than a second")
    if duration.unit is Unit.UNIVERSE:
        return _universe_ages(amount)
    if duration.unit is Unit.YEAR and amount >= _THOUSAND:
        number, power = _scaled(amount)
        return str(_MANY_YEARS[power]) % {"number": number_text(number)}
    numbers = {"number": number_text(amount), "count": math.ceil(amount)}
    return str(_NAMES[duration.unit] % numbers)


def number_text(number: Fraction) -> str:
    """Return a number with the decimal it may have."""
    whole = number.denominator == 1
    return str(number_format(int(number) if whole else float(number), 0 if whole else 1))


def age(minutes: int) -> str:
    """Return how long ago something was."""
    if minutes < 1:
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": _short(minutes)}


def time_left(minutes: int) -> str:
    """Return how long something still has."""
    return gettext("%(time)s left") % {"time": _short(minutes)}


def _short(minutes: int) -> str:
    if minutes < _MINUTES_PER_HOUR:
        return gettext("%(number)d min") % {"number": minutes}
    if minutes < 2 * _MINUTES_PER_DAY:
        return gettext("%(number)d h") % {"number": round(minutes / _MINUTES_PER_HOUR)}
    days = round(minutes / _MINUTES_PER_DAY)
    return str(_NAMES[Unit.DAY] % {"number": days, "count": days})


def _universe_ages(amount: Fraction) -> str:
    if amount >= _TRILLION:
        power = format_html("10<sup>{}</sup>", len(str(int(amount))) - 1)
        return format_html(gettext("{} times the age of the universe"), power)
    number, power_of_thousand = _scaled(amount)
    return str(_UNIVERSE_AGES[power_of_thousand]) % {"number": number_text(number)}


def _scaled(amount: Fraction) -> tuple[Fraction, int]:
    """Return *amount* in units of the greatest power of a thousand in it, and the power."""
    power = (len(str(int(amount))) - 1) // 3
    return amount / _THOUSAND**power, power
