"""The one table of parameters agrees with the domain and with the documentation."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from passwords import domain
from passwords.parameters import PARAMETERS, Parameter

EVERY = [
    (kind, parameter)
    for kind, parameters in PARAMETERS.items()
    for parameter in parameters.values()
]
INTEGERS = [(kind, parameters) for kind, parameters in EVERY if parameters.type == "integer"]


def _page(name: str) -> str:
    return Path(settings.BASE_DIR, "docs", name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_every_parameter_of_the_domain_is_described(kind: str) -> None:
    assert PARAMETERS[kind].keys() == domain.parameter_names(kind)


@pytest.mark.parametrize(("kind", "parameter"), INTEGERS)
def test_the_domain_refuses_what_lies_beyond_a_range(kind: str, parameter: Parameter) -> None:
    recipe = {"length": 256} if kind == "characters" else {}
    for value in (parameter.minimum - 1, parameter.maximum + 1):
        with pytest.raises(domain.RecipeError) as caught:
            domain.build(kind, {**recipe, parameter.name: value})

        assert caught.value.field == parameter.name


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("characters", {}),
        *[("passphrase", {"wordlist": name}) for name in domain.WORDLISTS],
        ("pin", {}),
        ("pin", {"repeats_or_runs": False}),
        ("token", {"encoding": "hex"}),
    ],
)
def test_the_end_of_each_slider_is_a_recipe(kind: str, others: dict[str, Any]) -> None:
    for name in (domain.SIZE_PARAMETER[kind], "bits"):
        end = PARAMETERS[kind][name].slider_end

        assert domain.build(kind, {**others, name: end}).size <= 256


def test_the_slider_for_the_strength_of_pins_ends_at_32_digits() -> None:
    assert PARAMETERS["pin"]["length"].slider_end == 32
    assert PARAMETERS["pin"]["bits"].slider_end == 106


@pytest.mark.parametrize(("kind", "parameter"), INTEGERS)
def test_the_documentation_of_the_api_has_each_range(kind: str, parameter: Parameter) -> None:
    # The first such row: one-time links have a passphrase too.
    row, *_others = re.findall(rf"^\| `{kind}` \|.*$", _page("api.md"), flags=re.MULTILINE)

    assert f"`{parameter.name}`" in row
    if parameter.default is not None:
        limits = f"({parameter.minimum}\u2013{parameter.maximum})"
        assert f"`{parameter.name}` {parameter.default} {limits}" in row


@pytest.mark.parametrize(("kind", "parameter"), EVERY)
def test_the_documentation_of_the_command_has_each_range(kind: str, parameter: Parameter) -> None:
    (row,) = re.findall(rf"^\| `{parameter.option}[ `].*$", _page("commands.md"), re.MULTILINE)

    assert kind in row or "| all |" in row
    if parameter.default is not None and parameter.maximum:
        assert f"{parameter.minimum} to {parameter.maximum}; {parameter.default}" in row
    for choice in parameter.choices if parameter.name != "wordlist" else ():
        assert choice in row
