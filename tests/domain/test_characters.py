"""Passwords of characters: what a recipe allows, how many, how strong."""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from passwords.domain import (
    CharacterRecipe,
    RecipeError,
    draw,
    draw_many,
    stream,
)
from passwords.domain.alphabets import DIGITS, LOOKALIKES, SYMBOLS
from passwords.domain.errors import ImpossibleRecipeError, UnreachableStrengthError
from passwords.domain.strength import reaches
from tests.domain.oracles import allowed, chi_square, count_by_compositions, critical_value, honours
from tests.domain.sources import RepeatableBytes
from tests.domain.strategies import character_recipes, character_rules

EIGHT_SYMBOLS = "!@#$%^&*"
NO_MINIMUMS: dict[str, Any] = {
    "min_lowercase": 0,
    "min_uppercase": 0,
    "min_digits": 0,
    "min_symbols": 0,
}
TINY: dict[str, Any] = {
    "uppercase": False,
    "exclude": "cdefghijklmnopqrstuvwxyz23456789",
    "symbols": "!",
}


def test_the_default_is_twenty_characters_with_one_of_each_class() -> None:
    recipe = CharacterRecipe()

    assert recipe.size == 20
    assert len(recipe.alphabet) == 94
    assert recipe.minimums == {"lowercase": 1, "uppercase": 1, "digits": 1, "symbols": 1}


@pytest.mark.parametrize(
    ("rules", "bits"),
    [
        ({"length": 14, "symbols": EIGHT_SYMBOLS}, 85.32),
        ({"length": 14, "symbols": EIGHT_SYMBOLS, **NO_MINIMUMS}, 85.81),
        ({"length": 8, "symbols": EIGHT_SYMBOLS}, 47.67),
        (
            {"length": 16, "uppercase": False, "symbols": "", "min_lowercase": 0, "min_digits": 6},
            80.83,
        ),
        ({**NO_MINIMUMS}, 131.09),
    ],
)
def test_the_entropy_is_that_of_the_reference(rules: dict[str, Any], bits: float) -> None:
    assert round(CharacterRecipe(**rules).entropy_bits, 2) == bits


@pytest.mark.parametrize(
    "rules",
    [
        {"length": 4},
        {"length": 6},
        {"length": 5, "min_digits": 3},
        {"length": 5, "min_lowercase": 0, "min_symbols": 2},
        {"length": 5, "min_lowercase": 0, "min_digits": 0, "min_symbols": 0},
        {"length": 4, "min_lowercase": 2, "min_digits": 1, "min_symbols": 1},
        {"length": 6, "symbols": "", "min_lowercase": 4},
    ],
)
def test_every_allowed_password_and_no_other_is_counted(rules: dict[str, Any]) -> None:
    recipe = CharacterRecipe(**TINY | rules)

    assert recipe.count == len(allowed(recipe))


@pytest.mark.parametrize(
    "rules", [{"length": 4}, {"length": 5, "min_digits": 3}, {"length": 4, **NO_MINIMUMS}]
)
def test_small_recipes_give_each_password_equally_often(rules: dict[str, Any]) -> None:
    recipe = CharacterRecipe(**TINY | rules)
    found = Counter(draw_many(recipe, 50_000, random_bytes=RepeatableBytes("small")))

    assert chi_square(found, allowed(recipe)) < critical_value(recipe.count)


@given(character_recipes())
def test_each_drawn_password_honours_the_recipe(recipe: CharacterRecipe) -> None:
    drawn = [draw(recipe), *draw_many(recipe, 3)]

    assert all(honours(password, recipe) for password in drawn)


@given(character_recipes(lengths=st.integers(4, 24)))
def test_the_count_agrees_with_the_sum_over_compositions(recipe: CharacterRecipe) -> None:
    sizes = [len(members) for members in recipe.classes.values()]

    expected = count_by_compositions(sizes, list(recipe.minimums.values()), recipe.length)

    assert recipe.count == expected


@given(character_recipes())
def test_no_excluded_character_is_left(recipe: CharacterRecipe) -> None:
    excluded = set(recipe.exclude) | set(LOOKALIKES if recipe.exclude_lookalikes else "")

    assert not excluded & set(recipe.alphabet)


@given(character_rules(room=20), st.integers(1, 400) | st.floats(1, 400))
@example({"lowercase": False, "uppercase": False, "symbols": ""}, 90)
def test_the_recipe_for_a_strength_is_the_shortest(rules: dict[str, Any], bits: float) -> None:
    try:
        recipe = CharacterRecipe.for_bits(bits, **rules)
    except (ImpossibleRecipeError, UnreachableStrengthError):
        assume(condition=False)
        raise

    assert reaches(recipe.count, bits)
    if recipe.length > max(4, sum(recipe.minimums.values())):
        shorter = CharacterRecipe(**rules | {"length": recipe.length - 1})
        assert not reaches(shorter.count, bits)


def test_a_length_beside_a_strength_is_the_most_it_may_take() -> None:
    recipe = CharacterRecipe.for_bits(90, length=40)

    assert recipe.length == 14


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"length": 8}, "bits: cannot be reached: length allows at most 26.5 bits"),
        ({}, "bits: cannot be reached: length allows at most 850.4 bits"),
    ],
)
def test_a_strength_out_of_reach_names_what_stands_in_the_way(
    rules: dict[str, Any], message: str
) -> None:
    only_digits = {"lowercase": False, "uppercase": False, "symbols": ""}

    with pytest.raises(UnreachableStrengthError) as caught:
        CharacterRecipe.for_bits(900, **only_digits, **rules)

    assert str(caught.value) == message


def test_equal_sets_make_equal_recipes() -> None:
    one = CharacterRecipe(symbols="!?!", exclude="aba")
    other = CharacterRecipe(symbols="?!", exclude="ba")

    assert one == other
    assert one.symbols == "!?"
    assert one.exclude == "ab"


def test_what_never_occurs_is_dropped_from_the_exclusions() -> None:
    assert CharacterRecipe(exclude="éa\U0001f300") == CharacterRecipe(exclude="a")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"length": 3}, "length: must be between 4 and 256"),
        ({"length": 257}, "length: must be between 4 and 256"),
        ({"length": 10**16}, "length: must be between 4 and 256"),
        ({"length": True}, "length: must be a whole number"),
        ({"length": 20.0}, "length: must be a whole number"),
        ({"length": "20"}, "length: must be a whole number"),
        ({"length": None}, "length: must be a whole number"),
        ({"lowercase": 1}, "lowercase: must be true or false"),
        ({"uppercase": "on"}, "uppercase: must be true or false"),
        ({"digits": None}, "digits: must be true or false"),
        ({"exclude_lookalikes": 0}, "exclude_lookalikes: must be true or false"),
        ({"symbols": True}, "symbols: must be text"),
        ({"symbols": "!a"}, f"symbols: may hold only these characters: {SYMBOLS}"),
        ({"symbols": "!é"}, f"symbols: may hold only these characters: {SYMBOLS}"),
        ({"symbols": "!" * 33}, "symbols: must have at most 32 characters"),
        ({"exclude": "a" * 257}, "exclude: must have at most 256 characters"),
        ({"exclude": 5}, "exclude: must be text"),
        ({"exclude": "a\n"}, "exclude: may hold only printable characters"),
        ({"exclude": "\ud800"}, "exclude: may hold only printable characters"),
        ({"min_digits": -1}, "min_digits: must be between 0 and 20"),
        ({"min_digits": 21}, "min_digits: must be between 0 and 20"),
        ({"min_symbols": "1"}, "min_symbols: must be a whole number"),
        ({"min_lowercase": False}, "min_lowercase: must be a whole number"),
        ({"digits": False, "min_digits": 1}, "min_digits: must be 0 while digits is not chosen"),
        ({"symbols": "", "min_symbols": 2}, "min_symbols: must be 0 while symbols is not chosen"),
        ({"length": 8, "min_digits": 6}, "length: must be at least 9, the sum of the minimums"),
        (
            {"lowercase": False, "uppercase": False, "digits": False, "symbols": ""},
            "lowercase: choose at least one of lowercase, uppercase, digits and symbols",
        ),
        ({"exclude": DIGITS}, "exclude: leaves no character for min_digits"),
        (
            {"symbols": "|:", "exclude_lookalikes": True},
            "exclude_lookalikes: leaves no character for min_symbols",
        ),
        (
            {"symbols": "|!", "exclude_lookalikes": True, "exclude": "!"},
            "exclude: leaves no character for min_symbols",
        ),
        (
            {"lowercase": False, "uppercase": False, "symbols": "", "min_digits": 0,
             "exclude": DIGITS},
            "exclude: leaves no character to draw from",
        ),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_name(rules: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        CharacterRecipe(**rules)

    assert str(caught.value) == message


def test_a_class_without_minimum_may_be_emptied() -> None:
    recipe = CharacterRecipe(exclude=DIGITS, min_digits=0)

    assert recipe.classes["digits"] == ""
    assert len(recipe.alphabet) == 84


@pytest.mark.parametrize(
    "minimums",
    [
        {"min_digits": 250},
        {"min_digits": 253},
        {"min_lowercase": 64, "min_uppercase": 64, "min_digits": 64, "min_symbols": 64},
        {"min_lowercase": 1, "min_uppercase": 1, "min_digits": 80, "min_symbols": 1},
    ],
)
def test_demanding_recipes_take_a_bounded_amount_of_randomness(minimums: dict[str, Any]) -> None:
    recipe = CharacterRecipe(length=256, **minimums)
    source = RepeatableBytes("bounded")

    password = draw(recipe, random_bytes=source)

    assert honours(password, recipe)
    assert source.taken < 4_000


@cache
def _ten_million_characters() -> tuple[Counter[int], ...]:
    """Count the characters at each position of 500,000 plain passwords."""
    recipe = CharacterRecipe(**NO_MINIMUMS)
    counts: tuple[Counter[int], ...] = tuple(Counter() for _ in range(recipe.length))
    for lines in stream(recipe, 500_000, random_bytes=RepeatableBytes("ten million")):
        for position, count in enumerate(counts):
            count.update(lines[position :: recipe.length + 1])
    return counts


def test_ten_million_characters_are_spread_evenly() -> None:
    total = sum(_ten_million_characters(), Counter[int]())

    assert total.total() == 10_000_000
    assert chi_square(total, CharacterRecipe().alphabet.encode()) < critical_value(94)


@pytest.mark.parametrize("position", range(20))
def test_the_characters_at_each_position_are_spread_evenly(position: int) -> None:
    found = _ten_million_characters()[position]

    assert chi_square(found, CharacterRecipe().alphabet.encode()) < critical_value(94)
