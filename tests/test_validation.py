"""Validation converts the values of each channel to a request; errors name the field."""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest
from django.utils import translation

from passwords import domain, validation
from passwords.models import Policy
from passwords.validation import InvalidRequestError


def errors(values: Mapping[str, Any], **options: int) -> dict[str, list[str]]:
    with pytest.raises(InvalidRequestError) as caught, translation.override("en"):
        validation.read(values, **options)
    return caught.value.errors


def test_without_a_kind_it_is_characters_20_long() -> None:
    wanted = validation.read({})

    assert wanted.recipe == domain.CharacterRecipe(length=20)
    assert (wanted.count, wanted.policy) == (1, None)


def test_every_parameter_of_every_recipe_has_a_type_here() -> None:
    for kind, recipe in domain.RECIPES.items():
        for field in fields(recipe):
            is_flag = isinstance(field.default, bool)
            is_text = isinstance(field.default, str)
            assert (field.name in validation.FLAGS) == (is_flag or field.name == "symbols"), kind
            assert (field.name in validation.NUMBERS) == (not is_flag and not is_text), field.name


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_null_is_no_value_for_any_parameter(kind: str) -> None:
    for name in domain.parameter_names(kind):
        assert errors({"kind": kind, name: None}) == {name: ["must not be null"]}


@pytest.mark.parametrize("length", [0, -5, 3, 257, 10**7, 10**16])
def test_a_length_out_of_range_names_the_range(length: int) -> None:
    assert errors({"length": length}) == {"length": ["must be between 4 and 256"]}


@pytest.mark.parametrize("length", ["abc", "20", True, [20], {}, math.nan, math.inf, 20.5])
def test_a_length_of_another_type_is_refused(length: object) -> None:
    assert errors({"length": length}) == {"length": ["must be a whole number"]}


@pytest.mark.parametrize("count", [0, -1, 101])
def test_a_count_out_of_the_range_of_the_channel_is_refused(count: int) -> None:
    assert errors({"count": count}, max_count=100) == {"count": ["must be between 1 and 100"]}


def test_an_unknown_parameter_is_named() -> None:
    assert errors({"longness": 20}) == {"longness": ["is not a parameter of characters"]}


@pytest.mark.parametrize("kind", ["nonsense", "", [], 5])
def test_an_unknown_kind_is_refused(kind: object) -> None:
    assert "kind" in errors({"kind": kind})


def test_a_strength_out_of_reach_names_the_rule_in_the_way() -> None:
    assert errors({"kind": "pin", "bits": 128}) == {
        "bits": ["cannot be reached: length allows at most 106.3 bits"]
    }
    assert errors({"kind": "pin", "bits": 90, "length": 8}) == {
        "bits": ["takes the place of length: with length at 8 there are 26.5 bits"]
    }


def test_symbols_are_a_flag_or_a_set() -> None:
    assert validation.read({"symbols": False}).recipe == domain.CharacterRecipe(symbols="")
    assert validation.read({"symbols": True}).recipe == domain.CharacterRecipe()
    assert validation.read({"symbols": "!?"}).recipe == domain.CharacterRecipe(symbols="!?")


@pytest.mark.django_db
def test_a_policy_brings_its_recipe() -> None:
    wanted = validation.read({"policy": "wifi", "count": 2})

    assert wanted.policy == Policy.objects.get(slug="wifi")
    assert wanted.recipe == wanted.policy.recipe()
    assert wanted.count == 2


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["nonsense", "", "wifi\0", 5, ["wifi"]])
def test_a_policy_that_is_not_there_is_refused(slug: object) -> None:
    assert errors({"policy": slug}) == {"policy": ["is not the name of a policy"]}


@pytest.mark.django_db
def test_a_policy_that_was_switched_off_is_not_there() -> None:
    Policy.objects.filter(slug="wifi").update(active=False)

    assert errors({"policy": "wifi"}) == {"policy": ["is not the name of a policy"]}


@pytest.mark.django_db
def test_nothing_goes_beside_a_policy() -> None:
    assert errors({"policy": "wifi", "length": 30}) == {
        "length": ["must be left out beside a policy"]
    }


def test_a_page_sends_text_that_gets_its_type() -> None:
    post = {
        "csrfmiddlewaretoken": "x",
        "request_id": "y",
        "kind": "characters",
        "length": " 24 ",
        "lowercase": "on",
        "uppercase": "off",
        "digits": "1",
        "symbols": "on",
        "symbol_set": "!?",
        "min_digits": "",
        "exclude": " x",
    }

    values = validation.from_post(post)

    assert values == {
        "kind": "characters",
        "length": 24,
        "lowercase": True,
        "uppercase": False,
        "digits": True,
        "symbols": "!?",
        "exclude": " x",
    }


def test_an_empty_separator_is_a_separator() -> None:
    values = validation.from_post({"kind": "passphrase", "separator": "", "words": "5"})

    assert values == {"kind": "passphrase", "separator": "", "words": 5}


@pytest.mark.parametrize(
    ("measure", "expected"), [("size", {"length": 20}), ("bits", {"bits": 90.5})]
)
def test_a_page_says_which_measure_counts(measure: str, expected: dict[str, float]) -> None:
    values = validation.from_post({"length": "20", "bits": "90,5", "measure": measure})

    assert values == expected


@pytest.mark.parametrize("text", ["abc", "1e3", "٢٠", "9" * 200, "0x14", "--1"])
def test_text_that_is_no_number_stays_text_and_is_refused(text: str) -> None:
    assert errors(validation.from_post({"length": text})) == {"length": ["must be a whole number"]}


@pytest.mark.parametrize(
    "name", ["kind", "policy", "length", "symbols", "exclude", "separator", "wordlist", "encoding"]
)
def test_a_text_too_long_to_mean_anything_is_refused(name: str) -> None:
    too_long = {name: ["must have at most 256 characters"]}

    assert errors({name: "x" * 257}) == too_long
    with translation.override("en"), pytest.raises(validation.InvalidRequestError) as caught:
        validation.read_page({"kind": "characters", name: " " * 255 + "20"})
    assert caught.value.errors == too_long


def test_an_old_field_too_long_to_mean_anything_is_refused() -> None:
    with translation.override("en"), pytest.raises(validation.InvalidRequestError) as caught:
        validation.read_legacy({"tamanho": " " * 255 + "20", "other": "x" * 1000})

    assert caught.value.errors == {"tamanho": ["must have at most 256 characters"]}


def test_the_old_wire_format_has_its_own_defaults() -> None:
    recipe = validation.read_legacy({}).recipe

    assert isinstance(recipe, domain.CharacterRecipe)
    assert recipe.size == 8
    assert recipe.entropy_bits == pytest.approx(8 * math.log2(52))


@pytest.mark.parametrize("on", [True, "on", "true", "1"])
def test_the_old_wire_format_takes_text_for_numbers_and_flags(on: object) -> None:
    values = {"tamanho": "16", "incluir_numeros": on, "incluir_caracteres_especiais": on}

    recipe = validation.read_legacy({**values, "csrfmiddlewaretoken": "x"}).recipe

    assert recipe.size == 16
    assert recipe.entropy_bits == pytest.approx(16 * math.log2(94))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"tamanho": 0}, "tamanho"),
        ({"tamanho": -5}, "tamanho"),
        ({"tamanho": 10**7}, "tamanho"),
        ({"tamanho": "abc"}, "tamanho"),
        ({"tamanho": ""}, "tamanho"),
        ({"tamanho": None}, "tamanho"),
        ({"tamanho": True}, "tamanho"),
        ({"incluir_numeros": "maybe"}, "incluir_numeros"),
        ({"incluir_numeros": 1}, "incluir_numeros"),
        ({"incluir_caracteres_especiais": "!?"}, "incluir_caracteres_especiais"),
        ({"incluir_caracteres_especiais": None}, "incluir_caracteres_especiais"),
    ],
)
def test_the_old_wire_format_names_the_old_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        validation.read_legacy(values)

    assert list(caught.value.errors) == [field]
