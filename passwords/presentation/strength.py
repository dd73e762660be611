"""The strength of a recipe: bits of entropy, time to guess, and how both are calculated."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from passwords import domain
from passwords.domain import guessing, tokens
from passwords.numbers import bits_text, whole_number
from passwords.presentation import durations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrPromise

    from passwords.domain import Recipe

_ATTACKS: Final = {
    "online": (_("On a website that limits tries"), _("100 guesses an hour")),
    "slow_hash": (_("From a stolen database, slow hash"), _("10 thousand guesses a second")),
    "fast_hash": (_("From a stolen database, fast hash"), _("100 billion guesses a second")),
}
_PIN_ATTACKS: Final = {
    "card": (_("On a card"), _("locked after 3 wrong PINs")),
    "device": (_("On a phone or a security key"), _("locked after 10 wrong PINs")),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """What a recipe's strength is called; ``level`` is 0 to 4, for the colour, or ``None``."""

    level: int | None
    label: StrPromise
    meaning: StrPromise


_VERDICTS: Final = {
    guessing.Strength.NONE: Verdict(
        level=0,
        label=_("Very weak"),
        meaning=_("Only for things that lock after a few tries, such as a card."),
    ),
    guessing.Strength.ONLINE: Verdict(
        level=1,
        label=_("Weak"),
        meaning=_("Safe on a website that limits tries, but not if its database is stolen."),
    ),
    guessing.Strength.SLOW_HASH: Verdict(
        level=2,
        label=_("Good"),
        meaning=_("Safe even if a database with slow hashes is stolen."),
    ),
    guessing.Strength.FAST_HASH: Verdict(
        level=3,
        label=_("Strong"),
        meaning=_("Safe even if a database with fast hashes is stolen."),
    ),
    guessing.Strength.EVERYTHING: Verdict(
        level=4,
        label=_("Very strong"),
        meaning=_("At least 128 bits: no computer will ever try them all."),
    ),
}
_PIN_VERDICTS: Final = {
    guessing.PinStrength.NOTHING: Verdict(
        level=0,
        label=_("Too short for a PIN"),
        meaning=_("ISO 9564-1 and NIST SP 800-63B-4 require at least 4 digits."),
    ),
    guessing.PinStrength.CARD: Verdict(
        level=1,
        label=_("Enough for a card"),
        meaning=_(
            "As usual on bank cards (ISO 9564-1): only for what locks after a few wrong PINs."
        ),
    ),
    guessing.PinStrength.DEVICE: Verdict(
        level=3,
        label=_("Good PIN"),
        meaning=_(
            "At least 6 digits, as NIST SP 800-63B-4 recommends: safe on a card, a phone or a"
            " security key that locks after 10 wrong PINs."
        ),
    ),
    guessing.PinStrength.ONLINE: Verdict(
        level=4,
        label=_("Strong PIN"),
        meaning=_(
            "Safe even where 100 tries an hour are allowed. Where a database could be stolen, use a"
            " password."
        ),
    ),
}
_IDENTIFIER: Final = Verdict(
    level=None,
    label=_("Identifier, no secret"),
    meaning=_(
        "Unique, and in the order of time. Programs show identifiers openly: never use one as"
        " a password or a key."
    ),
)
# The end of the meter: more entropy makes no difference.
METER_BITS: Final = 128
_MARKS: Final = [f"{bits:.2f}" for bits in guessing.LEVEL_BITS]
_PIN_METER_BITS: Final = math.log2(10**guessing.MAX_CARD_PIN_LENGTH)
_PIN_MARKS: Final = [
    f"{bits:.2f}"
    for bits in (
        math.log2(10**guessing.MIN_PIN_LENGTH),
        math.log2(10**guessing.DEVICE_PIN_LENGTH),
        guessing.LEVEL_BITS[0],
    )
]
_DIGITS_IN_FULL: Final = 80
# A longer number of PINs is given as a power of ten.
_MAX_ONE_IN: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """How one kind of attack ends: the average time, or the chance of success."""

    name: StrPromise
    limit: StrPromise
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthReport:
    """What the page shows of a recipe's strength.

    Attributes:
        bits: the entropy, as text.
        meter: the entropy, at most ``meter_end``.
        marks: where each level begins on the meter.
        possibilities: the number of secrets, in full or to three figures.
        counting: the formula for this number.
        left_out: how many words of the list are not drawn, and why; empty if all are.
        attacks: none of an identifier, which nobody has to guess.
        explanation: how the attacks' outcomes follow from this number.
    """

    verdict: Verdict
    bits: str
    meter: str
    meter_end: str
    marks: Sequence[str]
    attacks: Sequence[Attack]
    possibilities: str
    counting: str
    left_out: str
    explanation: str


def report(recipe: Recipe) -> StrengthReport:
    """Return the report on *recipe*."""
    is_pin = isinstance(recipe, domain.PinRecipe)
    count = recipe.count
    bits = recipe.entropy_bits
    meter_end = _PIN_METER_BITS if is_pin else METER_BITS
    return StrengthReport(
        verdict=verdict(recipe),
        bits=bits_text(bits),
        meter=f"{min(bits, meter_end):.2f}",
        meter_end=f"{meter_end:.2f}",
        marks=_PIN_MARKS if is_pin else _MARKS,
        attacks=_attacks_of(recipe),
        possibilities=_possibilities(count),
        counting=_counting(recipe),
        left_out=_left_out(recipe),
        explanation=_explanation(recipe),
    )


def strength_label(level: guessing.Strength) -> StrPromise:
    """Return what the strength of a secret other than a PIN is called."""
    return _VERDICTS[level].label


@lru_cache(maxsize=256)
def verdict(recipe: Recipe) -> Verdict:
    """Return what the strength of *recipe* is called. A PIN is judged as a PIN."""
    if isinstance(recipe, domain.PinRecipe):
        level = guessing.pin_strength(length=recipe.length, count=recipe.count)
        return _PIN_VERDICTS[level]
    if recipe.is_identifier:
        return _IDENTIFIER
    return _VERDICTS[guessing.strength(recipe.count)]


def _attacks_of(recipe: Recipe) -> list[Attack]:
    if recipe.is_identifier:
        return []
    if isinstance(recipe, domain.PinRecipe):
        return _attacks_on_pin(recipe.count)
    return [_guessing(name, recipe.count) for name in guessing.ATTACKS]


def _attacks_on_pin(count: int) -> list[Attack]:
    chances = [
        Attack(name=name, limit=limit, outcome=_chance(count, guessing.PIN_TRIES[place]))
        for place, (name, limit) in _PIN_ATTACKS.items()
    ]
    return [*chances, _guessing("online", count)]


def _guessing(attack: str, count: int) -> Attack:
    """Return how long *attack* takes on average."""
    name, limit = _ATTACKS[attack]
    seconds = guessing.mean_seconds(count, guessing.ATTACKS[attack])
    return Attack(name=name, limit=limit, outcome=durations.in_words(guessing.duration(seconds)))


def _chance(count: int, tries: int) -> str:
    """Return the chance that one of *tries* finds the PIN, rounded up."""
    one_in = count // tries
    if one_in < _MAX_ONE_IN:
        number = whole_number(one_in)
    else:
        number = format_html("10<sup>{}</sup>", len(str(one_in)) - 1)
    return format_html(gettext("1 chance in {}"), number)


def _explanation(recipe: Recipe) -> str:
    if recipe.is_identifier:
        return gettext(
            "These are the random bits of an identifier. The rest of it is the time, which is no"
            " secret."
        )
    if isinstance(recipe, domain.PinRecipe):
        return gettext(
            "The chance above is the number of tries divided by N, and the time is that of"
            " (N + 1) / 2 guesses, which an attacker needs on average."
        )
    return gettext(
        "An attacker who tries them all, in any order, needs (N + 1) / 2 guesses on average. The"
        " time above is this number divided by the guesses per second."
    )


def _possibilities(count: int) -> str:
    digits = len(str(count))
    if digits <= _DIGITS_IN_FULL:
        return whole_number(count)
    mantissa = number_format(count // 10 ** (digits - 3) / 100, 2)
    return format_html("&asymp; {} &times; 10<sup>{}</sup>", mantissa, whole_number(digits - 1))


def _counting(recipe: Recipe) -> str:
    """Return the formula for the number of secrets, as HTML."""
    match recipe:
        case domain.CharacterRecipe():
            return _counting_characters(recipe)
        case domain.PassphraseRecipe():
            return _counting_passphrases(recipe)
        case domain.PinRecipe():
            return _counting_pins(recipe)
        case domain.TokenRecipe():
            return _equals(_counting_token(recipe))
        case domain.PatternRecipe():
            sizes = Counter(len(members) for members in recipe.places if len(members) > 1)
            factors = [
                (_power(size, places) if places > 1 else whole_number(size),)
                for size, places in sizes.items()
            ]
            return _equals(format_html_join(" \N{MULTIPLICATION SIGN} ", "{}", factors))


def _counting_pins(recipe: domain.PinRecipe) -> str:
    refused = 10**recipe.length - recipe.count
    digits = _power(10, recipe.length)
    if not refused:
        return _equals(digits)
    return format_html("N = {} &minus; {}", digits, whole_number(refused))


def _counting_token(recipe: domain.TokenRecipe) -> str:
    if recipe.encoding in {"django", "base58"}:
        shape = tokens.sampler(recipe)
        return _power(len(shape.alphabet), shape.width)
    return _power(2, round(recipe.entropy_bits))


def _counting_passphrases(recipe: domain.PassphraseRecipe) -> str:
    factors = {
        gettext("separators"): recipe.separations,
        gettext("capitals"): recipe.capitals,
        gettext("digits and symbols"): recipe.insertions,
    }
    words = _power(len(recipe.vocabulary), recipe.words)
    others = format_html_join(
        "", " &times; {} ({})", ((whole_number(n), of) for of, n in factors.items() if n > 1)
    )
    return format_html("N = {}{}", words, others)


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
    everything = _power(len(recipe.alphabet), recipe.length)
    if recipe.count == len(recipe.alphabet) ** recipe.length:
        return _equals(everything)
    if recipe.passwordrules:
        return format_html(gettext("N = {}, minus those that the site's rule forbids"), everything)
    return format_html(
        gettext("N = {}, minus those below the minimum of some class"),
        everything,
    )


def _equals(formula: str) -> str:
    return format_html("N = {}", formula)


def _power(base: int, exponent: int) -> str:
    return format_html("{}<sup>{}</sup>", whole_number(base), whole_number(exponent))
