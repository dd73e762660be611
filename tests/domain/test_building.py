"""Recipes are built from named parameters, as the channels receive them."""

from typing import Any

import pytest

from passwords.domain import (
    RECIPES,
    SIZE_PARAMETER,
    CharacterRecipe,
    PinRecipe,
    RecipeError,
    TokenRecipe,
    build,
    parameter_names,
)
from passwords.domain.alphabets import SYMBOLS


@pytest.mark.parametrize("kind", sorted(RECIPES))
def test_without_parameters_the_recipe_has_its_defaults(kind: str) -> None:
    assert build(kind, {}) == RECIPES[kind]()


@pytest.mark.parametrize("kind", sorted(SIZE_PARAMETER))
def test_the_size_of_each_kind_is_one_of_its_parameters(kind: str) -> None:
    assert {SIZE_PARAMETER[kind], "bits"} <= parameter_names(kind)


def test_parameters_reach_the_recipe() -> None:
    assert build("pin", {"length": 8}) == PinRecipe(length=8)


@pytest.mark.parametrize(("wish", "symbols"), [(True, SYMBOLS), (False, ""), ("!?", "!?")])
def test_symbols_can_be_a_boolean_or_a_set(*, wish: object, symbols: str) -> None:
    assert build("characters", {"symbols": wish}) == CharacterRecipe(symbols=symbols)


def test_a_strength_takes_the_place_of_a_size() -> None:
    assert build("token", {"bits": 200}) == TokenRecipe(bytes=25)


@pytest.mark.parametrize(
    ("kind", "parameters", "field"),
    [
        ("poem", {}, "kind"),
        ("pin", {"words": 6}, "words"),
        ("pin", {"length": 8, "bits": 90}, "bits"),
        ("pin", {"length": 2, "bits": 90}, "length"),
        ("pin", {"bits": 500}, "bits"),
        ("characters", {"length": "abc"}, "length"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(
    kind: str, parameters: dict[str, Any], field: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        build(kind, parameters)

    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_a_list_or_an_object_is_no_value(value: object) -> None:
    with pytest.raises(RecipeError) as caught:
        build("characters", {"exclude": value})

    assert caught.value.field == "exclude"
