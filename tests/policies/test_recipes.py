"""Recipes from sets with minimums: exactly the passwords that another program would make."""

from itertools import product
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from passwords import domain
from passwords.domain import alphabets
from passwords.domain.errors import RecipeError
from passwords.policies.documents import PolicyFileError
from passwords.policies.recipes import character_parameters

LOWER, UPPER, DIGITS, SYMBOLS = (
    alphabets.LOWERCASE,
    alphabets.UPPERCASE,
    alphabets.DIGITS,
    alphabets.SYMBOLS,
)


@pytest.mark.parametrize(
    ("sets", "parameters"),
    [
        ([(LOWER, 1), (UPPER, 1), (DIGITS, 1), (SYMBOLS, 1)], {}),
        ([(LOWER, 1), (UPPER, 1), (DIGITS, 1), ("-", 1)], {"symbols": "-"}),
        (
            [(LOWER + UPPER + DIGITS, 0)],
            {"min_lowercase": 0, "min_uppercase": 0, "min_digits": 0, "symbols": False},
        ),
        (
            [(LOWER[:-1], 2), (DIGITS, 1)],
            {"uppercase": False, "symbols": False, "min_lowercase": 2, "exclude": "z"},
        ),
        # Equal sets count independently, and a set that follows from another one is left out.
        ([(DIGITS, 1), (DIGITS[::-1], 2), (LOWER + DIGITS, 2), (LOWER, 1)],
         {"uppercase": False, "symbols": False, "min_digits": 2}),
        ([(DIGITS, 1), (LOWER + DIGITS, 1), (UPPER, 0)],
         {"symbols": False, "min_lowercase": 0, "min_uppercase": 0}),
        ([("abcdef" + DIGITS, 1)],
         {"uppercase": False, "symbols": False, "min_lowercase": 0, "min_digits": 0,
          "exclude": "ghijklmnopqrstuvwxyz"}),
        ([(LOWER, 1), (" -", 1)], {"passwordrules": "required: lower; required: [- ]"}),
        ([("!$", 2), ("#]", 0)],
         {"passwordrules": "required: [!$]; required: [!$]; allowed: [#]]"}),
        (
            [(LOWER[1:], 1), (LOWER[1:] + DIGITS, 2), ("!", 0)],
            {"passwordrules": "required: lower; required: lower, digit; required: lower, digit;"
             " allowed: [!]",
             "exclude": "a"},
        ),
        ([("abc", 1), ("cde", 1)], {"passwordrules": "required: [abc]; required: [cde]"}),
    ],
)  # fmt: skip
def test_sets_become_classes_where_that_is_exact_and_else_a_rule(
    sets: list[tuple[str, int]], parameters: dict[str, Any]
) -> None:
    assert character_parameters(12, sets) == {"length": 12, **parameters}


_MEMBERS = st.sampled_from(["abc", "bcd", "ab", "12", "b1", "$-", "-]", "a ", "c", "1$"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(_MEMBERS, st.integers(0, 2)), min_size=1, max_size=4))
def test_the_recipe_has_exactly_the_strings_that_obey_each_set(
    sets: list[tuple[str, int]],
) -> None:
    alphabet = sorted(set().union(*(members for members, _minimum in sets)))
    strings = {
        "".join(string)
        for string in product(alphabet, repeat=4)
        if all(sum(c in members for c in string) >= minimum for members, minimum in sets)
    }

    try:
        recipe = domain.build("characters", character_parameters(4, sets))
    except RecipeError:
        assert len(strings) * 128 < len(alphabet) ** 4  # too few to draw from
        return

    assert recipe.count == len(strings)
    assert domain.draw(recipe) in strings


def test_a_rule_that_would_be_too_long_is_refused() -> None:
    with (
        pytest.raises(PolicyFileError, match="of 336 characters: the maximum is 256"),
        translation.override("en"),
    ):
        character_parameters(40, [("!$%&", 18), ("#", 0)])
