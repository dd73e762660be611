"""How long guessing takes: exact times for given rates, and the strength that follows from them.

An attacker tries all secrets in some order. In every order, one of N equally likely secrets is
found after (N + 1) / 2 guesses on average.

A PIN protects something that locks after a few wrong PINs, so what counts is the chance that one of
these tries is right: their number divided by N.
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


PIN_TRIES: Mapping[str, int] = MappingProxyType(
    {
        # Bank and SIM cards usually block after three (Bonneau, Preibusch and Anderson, "A Birthday
        # Present Every Eleven Wallets?", 2012).
        "card": 3,
        # The most that NIST SP 800-63B-4, section 3.2.10, allows.
        "device": 10,
    }
)
"""The number of wrong PINs after which something locks, by its name."""

MIN_PIN_LENGTH = 4
"""The least that ISO 9564-1 and NIST SP 800-63B-4, section 3.2.10, allow."""

DEVICE_PIN_LENGTH = 6
"""The length that NIST SP 800-63B-4, section 3.2.10, recommends as the least.

The chance of each try is then one in 1,000,000 and that of ten tries one in 100,000, the limits of
FIPS 140-2, section 4.3.3.
"""

MAX_CARD_PIN_LENGTH = 12
"""The most of ISO 9564-1."""


class PinStrength(IntEnum):
    """What a PIN is enough for; each level includes the lower ones."""

    NOTHING = 0
    CARD = 1
    DEVICE = 2
    ONLINE = 3


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


def pin_strength(*, length: int, count: int) -> PinStrength:
    """Return the strength of one of *count* equally likely PINs of *length* digits."""
    if length < MIN_PIN_LENGTH:
        return PinStrength.NOTHING
    if length < DEVICE_PIN_LENGTH:
        return PinStrength.CARD
    return PinStrength.ONLINE if strength(count) >= Strength.ONLINE else PinStrength.DEVICE


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
