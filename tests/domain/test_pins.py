"""PINs: which ones are refused, how many are left."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwords.domain import PinRecipe, RecipeError, draw, draw_many
from passwords.domain.errors import UnreachableStrengthError
from passwords.domain.pins import count_regular, is_regular, sampler
from passwords.domain.strength import reaches
from tests.domain.oracles import chi_square, critical_value, regular_pins, repeats_or_runs
from tests.domain.sources import RepeatableBytes
from tests.domain.strategies import pin_recipes


@given(pin_recipes)
def test_each_drawn_pin_honours_the_recipe(recipe: PinRecipe) -> None:
    drawn = [draw(recipe), *draw_many(recipe, 5)]

    assert len(drawn) == 6
    assert all(len(pin) == recipe.size for pin in drawn)
    assert all(pin.isascii() and pin.isdigit() for pin in drawn)
    assert recipe.repeats_or_runs or not any(map(repeats_or_runs, drawn))


@pytest.mark.parametrize("length", [3, 4, 5])
def test_every_pin_that_is_left_and_no_other_is_counted(length: int) -> None:
    pins = map("".join, product("0123456789", repeat=length))
    left = sum(not repeats_or_runs(pin) for pin in pins)

    assert PinRecipe(length=length, repeats_or_runs=False).count == left


@pytest.mark.parametrize("length", [3, 4, 5])
def test_the_fast_check_refuses_what_the_rule_refuses(length: int) -> None:
    for digits in product("0123456789", repeat=length):
        pin = "".join(digits)

        assert is_regular(pin.encode()) == repeats_or_runs(pin), pin


@given(st.text("01", min_size=6, max_size=32) | st.text("0123456789", min_size=6, max_size=32))
def test_the_fast_check_agrees_with_the_rule_on_long_pins(pin: str) -> None:
    assert is_regular(pin.encode()) == repeats_or_runs(pin)


@given(st.text("0123456789", min_size=1, max_size=16), st.integers(3, 32))
def test_a_repeated_group_is_always_refused(group: str, length: int) -> None:
    pin = (group * length)[: max(length, 2 * len(group))]

    assert is_regular(pin.encode())


@pytest.mark.parametrize(
    "pin", ["0000", "1212", "123123", "12121", "1234", "9876", "8901", "2109", "0123456789012345"]
)
def test_pins_that_are_guessed_first_are_refused(pin: str) -> None:
    assert is_regular(pin.encode())


@pytest.mark.parametrize("pin", ["1213", "1235", "112233", "1221", "12312", "00001"])
def test_other_pins_are_not(pin: str) -> None:
    assert not is_regular(pin.encode())


@pytest.mark.parametrize("length", [3, 4, 7, 9, 10, 11])
def test_every_regular_pin_is_counted_once(length: int) -> None:
    assert count_regular(length) == len(regular_pins(length))


def test_runs_are_no_longer_counted_apart_once_they_repeat() -> None:
    ten_digits_that_repeat_no_fewer = 10**10 - 10**5 - 10**2 + 10  # the Moebius function, by hand

    assert count_regular(19) == count_regular(18)
    assert count_regular(20) == count_regular(19) + ten_digits_that_repeat_no_fewer - 20


def test_refused_pins_are_drawn_again() -> None:
    answers = iter([bytes([1, 1, 1, 1]), bytes([1, 2, 3, 4]), bytes([2, 5, 8, 0])])
    pins = sampler(PinRecipe(length=4, repeats_or_runs=False))

    pin = pins.draw(random_bytes=lambda size: next(answers).ljust(size))

    assert pin == b"2580"


@pytest.mark.parametrize("repeats_or_runs_allowed", [True, False])
def test_pins_are_spread_evenly(*, repeats_or_runs_allowed: bool) -> None:
    recipe = PinRecipe(length=3, repeats_or_runs=repeats_or_runs_allowed)
    pins = map("".join, product("0123456789", repeat=3))
    left = [pin for pin in pins if repeats_or_runs_allowed or not repeats_or_runs(pin)]

    found = Counter(draw_many(recipe, 100_000, random_bytes=RepeatableBytes("pins")))

    assert chi_square(found, left) < critical_value(recipe.count)


@given(st.integers(1, 106), st.booleans())
def test_the_recipe_for_a_strength_is_the_shortest(bits: int, repeats: bool) -> None:  # noqa: FBT001 - hypothesis passes by position
    recipe = PinRecipe.for_bits(bits, repeats_or_runs=repeats)

    assert reaches(recipe.count, bits)
    if recipe.length > 3:
        shorter = PinRecipe(length=recipe.length - 1, repeats_or_runs=repeats)
        assert not reaches(shorter.count, bits)


def test_ninety_bits_do_not_fit_in_eight_digits() -> None:
    with pytest.raises(UnreachableStrengthError) as caught:
        PinRecipe.for_bits(90, length=8)

    assert str(caught.value) == "bits: cannot be reached: length allows at most 26.5 bits"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"length": 2}, "length: must be between 3 and 32"),
        ({"length": 33}, "length: must be between 3 and 32"),
        ({"length": "4"}, "length: must be a whole number"),
        ({"repeats_or_runs": None}, "repeats_or_runs: must be true or false"),
    ],
)
def test_a_wrong_value_is_refused_by_name(rules: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        PinRecipe(**rules)

    assert str(caught.value) == message
