"""Strength is exact: log2 of a count, and a wish compared with integers."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from passwords.domain import CharacterRecipe
from passwords.domain.errors import NotNumberError, OutOfRangeError
from passwords.domain.strength import entropy_bits, reaches, require_bits


@given(st.integers(0, 20_000))
@example(1024)
def test_a_power_of_two_has_exactly_its_exponent(exponent: int) -> None:
    assert entropy_bits(1 << exponent) == exponent


def test_a_count_beyond_floats_keeps_double_precision() -> None:
    assert entropy_bits(94**256) == pytest.approx(256 * math.log2(94), rel=1e-15)


def test_one_secret_less_than_whole_bits_does_not_reach_them() -> None:
    assert 63.999 < entropy_bits((1 << 64) - 1) < 64
    assert not reaches((1 << 64) - 1, 64)
    assert reaches(1 << 64, 64)
    assert reaches(1 << 64, 64.0)


def test_fractions_of_a_bit_are_compared_too() -> None:
    assert reaches(3, 1.58)
    assert not reaches(3, 1.59)


@pytest.mark.parametrize("bits", [1, 2048, 90.5])
def test_a_strength_in_the_range_is_accepted(bits: float) -> None:
    require_bits(bits)


@pytest.mark.parametrize("bits", [True, "90", None, 90j])
def test_a_strength_that_is_no_number_is_refused(bits: object) -> None:
    with pytest.raises(NotNumberError, match=r"^bits: must be a number$"):
        require_bits(bits)


@pytest.mark.parametrize("bits", [0, 0.5, -5, 2048.1, 10**400, math.inf, math.nan])
def test_a_strength_outside_the_range_is_refused(bits: float) -> None:
    with pytest.raises(OutOfRangeError, match=r"^bits: must be between 1 and 2048$"):
        CharacterRecipe.for_bits(bits)
