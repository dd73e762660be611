"""Times in words, in the visitor's language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext_lazy

from passwords.domain.guessing import Duration, Unit
from passwords.numbers import amount_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from django_stubs_ext import StrPromise

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
# By the power of a thousand. In English some have one form only; in other languages they have two.
_MANY_YEARS: Final = (
    _NAMES[Unit.YEAR],
    ngettext_lazy("%(number)s thousand years", "%(number)s thousand years", "count"),
    ngettext_lazy("%(number)s million years", "%(number)s million years", "count"),
    ngettext_lazy("%(number)s billion years", "%(number)s billion years", "count"),
)
_UNIVERSE_AGES: Final = (
    ngettext_lazy(
        "%(number)s time the age of the universe",
        "%(number)s times the age of the universe",
        "count",
    ),
    ngettext_lazy(
        "%(number)s thousand times the age of the universe",
        "%(number)s thousand times the age of the universe",
        "count",
    ),
    ngettext_lazy(
        "%(number)s million times the age of the universe",
        "%(number)s million times the age of the universe",
        "count",
    ),
    ngettext_lazy(
        "%(number)s billion times the age of the universe",
        "%(number)s billion times the age of the universe",
        "count",
    ),
)


def in_words(duration: Duration) -> str:
    """Return *duration* in words; a power of ten in it is HTML."""
    amount = duration.amount
    if not amount:
        return gettext("less than a second")
    if duration.unit is Unit.UNIVERSE and amount >= _TRILLION:
        power = format_html("10<sup>{}</sup>", len(str(int(amount))) - 1)
        return format_html(gettext("{} times the age of the universe"), power)
    if duration.unit is Unit.UNIVERSE:
        return _scaled(amount, _UNIVERSE_AGES)
    if duration.unit is Unit.YEAR:
        return _scaled(amount, _MANY_YEARS)
    return _counted(_NAMES[duration.unit], amount)


def age(minutes: int) -> str:
    """Return how long ago something happened."""
    if minutes < 1:
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": _short(minutes)}


def time_left(minutes: int) -> str:
    """Return how long something is still kept."""
    return gettext("%(time)s left") % {"time": _short(minutes)}


def _short(minutes: int) -> str:
    if minutes < _MINUTES_PER_HOUR:
        return gettext("%(number)d min") % {"number": minutes}
    if minutes < 2 * _MINUTES_PER_DAY:
        return gettext("%(number)d h") % {"number": round(minutes / _MINUTES_PER_HOUR)}
    days = round(minutes / _MINUTES_PER_DAY)
    return str(_NAMES[Unit.DAY] % {"number": days, "count": days})


def _scaled(amount: Fraction, names: Sequence[StrPromise]) -> str:
    """Return *amount* in thousands, millions or billions."""
    power = (len(str(int(amount))) - 1) // 3
    return _counted(names[power], amount / _THOUSAND**power)


def _counted(name: StrPromise, amount: Fraction) -> str:
    # 1.5 is singular in Portuguese and plural in the other languages (Unicode CLDR, plural rules).
    is_portuguese = (get_language() or "").startswith("pt")
    count = math.floor(amount) if is_portuguese else math.ceil(amount)
    return str(name % {"number": amount_text(amount), "count": count})
