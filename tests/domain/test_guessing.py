"""Times to guess: exact, and named by what a secret withstands."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwords.domain.guessing import (
    ATTACKS,
    LEVEL_BITS,
    PIN_TRIES,
    SECONDS_PER_YEAR,
    UNIVERSE_YEARS,
    PinStrength,
    Strength,
    Unit,
    duration,
    mean_seconds,
    pin_strength,
    strength,
)
from passwords.domain.pins import count_regular


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_the_mean_is_that_of_trying_each_secret_in_turn(count: int) -> None:
    tries = [place for place, _secret in enumerate(range(count), start=1)]

    assert mean_seconds(count, Fraction(1)) == Fraction(sum(tries), count)


def test_a_pin_of_six_digits_falls_in_seven_months_at_a_hundred_tries_an_hour() -> None:
    seconds = mean_seconds(10**6, ATTACKS["online"])

    assert round(seconds / Unit.HOUR.value) == 5000


def test_each_attack_is_faster_than_the_one_before() -> None:
    assert all(slower < faster for slower, faster in pairwise(ATTACKS.values()))


@pytest.mark.parametrize(
    ("name", "withstood"),
    [
        ("online", Strength.ONLINE),
        ("slow_hash", Strength.SLOW_HASH),
        ("fast_hash", Strength.FAST_HASH),
    ],
)
def test_a_secret_withstands_what_takes_more_than_a_hundred_years(
    name: str, withstood: Strength
) -> None:
    least = int(ATTACKS[name] * 100 * SECONDS_PER_YEAR * 2)

    assert strength(least - 1) == withstood - 1
    assert strength(least) == withstood


def test_the_levels_begin_at_their_bits() -> None:
    before = [strength(int(2 ** (bits - 0.001))) for bits in LEVEL_BITS]
    after = [strength(int(2 ** (bits + 0.001))) for bits in LEVEL_BITS]

    assert before == [Strength.NONE, Strength.ONLINE, Strength.SLOW_HASH]
    assert after == [Strength.ONLINE, Strength.SLOW_HASH, Strength.FAST_HASH]


def test_2_to_the_128_secrets_withstand_everything() -> None:
    assert strength(2**128 - 1) is Strength.FAST_HASH
    assert strength(2**128) is Strength.EVERYTHING


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([3], PinStrength.NOTHING),
        ([4, 5], PinStrength.CARD),
        ([6, 7, 8], PinStrength.DEVICE),
        ([9, 12, 32], PinStrength.ONLINE),
    ],
)
def test_a_pin_is_judged_by_its_length(lengths: list[int], expected: PinStrength) -> None:
    for length in lengths:
        for count in (10**length, 10**length - count_regular(length)):
            assert pin_strength(length=length, count=count) is expected


def test_six_digits_keep_the_limit_of_fips_140_2_for_several_tries() -> None:
    assert Fraction(PIN_TRIES["device"], 10**6) <= Fraction(1, 100_000)


@given(count=st.integers(1, 2**200))
def test_more_secrets_are_never_weaker(count: int) -> None:
    assert strength(count) <= strength(count + 1)


@pytest.mark.parametrize(
    ("seconds", "amount", "unit"),
    [
        (Fraction(1, 2), 0, Unit.SECOND),
        (Fraction(1), 1, Unit.SECOND),
        (Fraction(5, 2), Fraction(5, 2), Unit.SECOND),
        (Fraction(59), 59, Unit.SECOND),
        (Fraction(60), 1, Unit.MINUTE),
        (Fraction(5400), Fraction(3, 2), Unit.HOUR),
        (Fraction(86_400 * 45), 45, Unit.DAY),
        (Fraction(SECONDS_PER_YEAR * 1234), 1200, Unit.YEAR),
        (Fraction(SECONDS_PER_YEAR * UNIVERSE_YEARS * 7_149_000), 7_100_000, Unit.UNIVERSE),
    ],
)
def test_a_duration_is_written_in_its_largest_unit(
    seconds: Fraction, amount: Fraction | int, unit: Unit
) -> None:
    found = duration(seconds)

    assert (found.amount, found.unit) == (amount, unit)


@given(seconds=st.fractions(min_value=1, max_value=10**2500))
def test_a_rounded_time_is_within_five_percent_of_the_time(seconds: Fraction) -> None:
    found = duration(seconds)

    assert abs(found.amount * found.unit.value - seconds) <= seconds / 20
