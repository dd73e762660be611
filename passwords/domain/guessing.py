"""How long guessing takes: exact times for given rates, and the strength that follows from them.

An attacker tries all secrets in some order. In every order, one of N equally likely secrets is
found after (N + 1) / 2 guesses on average.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from fractions import Fraction
from types import MappingProxyType

SECONDS_PER_YEAR = 31_557_600
"""A Julian year of 365.25 days."""

UNIVERSE_YEARS = 13_800_000_000
"""Age of the universe: 13.8 thousand million years (Planck 2018 results, VI, table 2)."""

ATTACKS: Mapping[str, Fraction] = MappingProxyType(
    {
        # A server that allows 100 tries an hour.
        "online": Fraction(100, 3600),
        # A stolen hash of a slow function (bcrypt, scrypt, Argon2), on one machine.
        "slow_hash": Fraction(10**4),
        # A stolen hash of a fast function (MD5, SHA-1, NTLM), on a machine with many GPUs.
        "fast_hash": Fraction(10**11),
    }
)
"""Guesses per second, by the name of the attack, the slowest first."""

WITHSTAND_YEARS = 100
"""A secret resists an attack that takes longer than this on average."""

LEVEL_BITS = tuple(
    math.log2(2 * rate * WITHSTAND_YEARS * SECONDS_PER_YEAR) for rate in ATTACKS.values()
)
"""The entropy, in bits, from which a secret resists each of the attacks."""

UNGUESSABLE_COUNT = 2**128
"""A number of secrets that cannot be tried in practice (OWASP ASVS 5.0, 11.5.1)."""


class Strength(IntEnum):
    """The attacks that a secret resists; each level includes the lower ones."""

    NONE = 0
    ONLINE = 1
    SLOW_HASH = 2
    FAST_HASH = 3
    EVERYTHING = 4


class Unit(Enum):
    """Units of time, and the seconds in each."""

    SECOND = 1
    MINUTE = 60
    HOUR = 3600
    DAY = 86_400
    YEAR = SECONDS_PER_YEAR
    UNIVERSE = UNIVERSE_YEARS * SECONDS_PER_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A time to two significant figures, in its largest unit; less than a second is 0 seconds."""

    amount: Fraction
    unit: Unit


def mean_seconds(count: int, guesses_per_second: Fraction) -> Fraction:
    """Return the average time in seconds to find one of *count* equally likely secrets."""
    return Fraction(count + 1, 2) / guesses_per_second


def strength(count: int) -> Strength:
    """Return the strength of one of *count* equally likely secrets."""
    if count >= UNGUESSABLE_COUNT:
        return Strength.EVERYTHING
    limit = WITHSTAND_YEARS * SECONDS_PER_YEAR
    withstood = sum(mean_seconds(count, rate) > limit for rate in ATTACKS.values())
    return Strength(withstood)


def duration(seconds: Fraction) -> Duration:
    """Return the rounded time in the largest unit that gives at least one."""
    unit = next((unit for unit in reversed(Unit) if seconds >= unit.value), None)
    if unit is None:
        return Duration(amount=Fraction(0), unit=Unit.SECOND)
    return Duration(amount=_rounded(seconds / unit.value), unit=unit)


def _rounded(number: Fraction) -> Fraction:
    """Return a number, at least 1, rounded to two significant figures."""
    step = Fraction(10) ** (len(str(int(number))) - 2)
    return round(number / step) * step
