"""The strength of a recipe: bits of entropy, time to guess, and how both are calculated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from passwords import domain
from passwords.domain import guessing
from passwords.presentation import durations
from passwords.presentation.numbers import bits_text, whole_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrPromise

    from passwords.domain import Recipe

_ATTACKS: Final = {
    "online": (_("On a website that limits tries"), _("100 guesses an hour")),
    "slow_hash": (_("From a stolen database, slow hash"), _("10 thousand guesses a second")),
    "fast_hash": (_("From a stolen database, fast hash"), _("100 billion guesses a second")),
}
LABELS: Final[dict[guessing.Strength, StrPromise]] = {
    guessing.Strength.NONE: _("Very weak"),
    guessing.Strength.ONLINE: _("Weak"),
    guessing.Strength.SLOW_HASH: _("Good"),
    guessing.Strength.FAST_HASH: _("Strong"),
    guessing.Strength.EVERYTHING: _("Very strong"),
}
_MEANINGS: Final = {
    guessing.Strength.NONE: _("Only for things that lock after a few tries, such as a card."),
    guessing.Strength.ONLINE: _(
        "Safe on a website that limits tries, but not if its database is stolen."
    ),
    guessing.Strength.SLOW_HASH: _("Safe even if a database with slow hashes is stolen."),
    guessing.Strength.FAST_HASH: _("Safe even if a database with fast hashes is stolen."),
    guessing.Strength.EVERYTHING: _("At least 128 bits: no computer will ever try them all."),
}
# The end of the meter: more entropy makes no difference.
METER_BITS: Final = 128
_DIGITS_IN_FULL: Final = 80
_MARKS: Final = [f"{bits:.2f}" for bits in guessing.LEVEL_BITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToGuess:
    """How long one kind of attack takes on average."""

    attack: StrPromise
    rate: StrPromise
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthReport:
    """What the page shows of a recipe's strength.

    Attributes:
        bits: the entropy, as text.
        meter: the entropy, at most ``METER_BITS``.
        marks: where each level begins on the meter.
        level: 0 (very weak) to 4 (very strong).
        possibilities: the number of secrets, in full or to three figures.
        counting: the formula for this number.
        left_out: how many words of the list are not drawn, and why; empty if all are.
    """

    bits: str
    meter: str
    marks: Sequence[str]
    level: int
    label: StrPromise
    meaning: StrPromise
    times: Sequence[TimeToGuess]
    possibilities: str
    counting: str
    left_out: str


def report(recipe: Recipe) -> StrengthReport:
    """Return the report on *recipe*."""
    count = recipe.count
    level = guessing.strength(count)
    bits = recipe.entropy_bits
    return StrengthReport(
        bits=bits_text(bits),
        meter=f"{min(bits, METER_BITS):.2f}",
        marks=_MARKS,
        level=level,
        label=LABELS[level],
        meaning=_MEANINGS[level],
        times=[
            TimeToGuess(
                attack=_ATTACKS[name][0],
                rate=_ATTACKS[name][1],
                time=durations.in_words(guessing.duration(guessing.mean_seconds(count, rate))),
            )
            for name, rate in guessing.ATTACKS.items()
        ],
        possibilities=_possibilities(count),
        counting=_counting(recipe),
        left_out=_left_out(recipe),
    )


def strength_of(bits: float) -> guessing.Strength:
    """Return the strength of a secret of which only the entropy is known."""
    return guessing.strength(int(2 ** min(bits, METER_BITS)))


def _possibilities(count: int) -> str:
    digits = str(count)
    if len(digits) <= _DIGITS_IN_FULL:
        return digits
    mantissa = math.floor(count / 10 ** (len(digits) - 3)) / 100
    return format_html("&asymp; {} &times; 10<sup>{}</sup>", f"{mantissa:.2f}", len(digits) - 1)


def _counting(recipe: Recipe) -> str:
    """Return the formula for the number of secrets, as HTML."""
    match recipe:
        case domain.CharacterRecipe():
            return _counting_characters(recipe)
        case domain.PassphraseRecipe():
            vocabulary = len(recipe.vocabulary)
            words = _power(vocabulary, recipe.words)
            factors = recipe.count // vocabulary**recipe.words
            return (
                format_html("N = {} &times; {}", words, factors) if factors > 1 else _equals(words)
            )
        case domain.PinRecipe():
            refused = 10**recipe.length - recipe.count
            digits = _power(10, recipe.length)
            return format_html("N = {} &minus; {}", digits, refused) if refused else _equals(digits)
        case domain.TokenRecipe():
            if recipe.encoding == "django":
                return _equals(_power(50, 50))
            return _equals(_power(2, round(recipe.entropy_bits)))


def _left_out(recipe: Recipe) -> str:
    if not isinstance(recipe, domain.PassphraseRecipe):
        return ""
    listed, drawn = domain.WORDLISTS[recipe.wordlist].size, len(recipe.vocabulary)
    if drawn == listed:
        return ""
    return gettext(
        "%(drawn)s of the list's %(listed)s words are drawn:"
        " with this separator, a word with a hyphen would look like two."
    ) % {"drawn": whole_number(drawn), "listed": whole_number(listed)}


def _counting_characters(recipe: domain.CharacterRecipe) -> str:
    characters = len(recipe.alphabet)
    if not any(recipe.minimums.values()):
        return _equals(_power(characters, recipe.length))
    return format_html(
        gettext("N = {}, minus those below the minimum of some class"),
        _power(characters, recipe.length),
    )


def _equals(formula: str) -> str:
    return format_html("N = {}", formula)


def _power(base: int, exponent: int) -> str:
    return format_html("{}<sup>{}</sup>", base, exponent)
