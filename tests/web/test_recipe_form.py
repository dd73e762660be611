"""The form before anybody has changed it."""

import pytest

from passwords import domain, validation
from passwords.parameters import PARAMETERS
from passwords.presentation.recipe_form import empty_form
from tests.web.conftest import Visit


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_what_stands_in_the_form_at_first_is_what_the_domain_draws_by_default(kind: str) -> None:
    form = empty_form(kind)
    flags = {True: "on", False: "off"}
    values = {
        name: flags[value] if isinstance(value, bool) else str(value)
        for name, value in form.values.items()
    }

    sent = validation.read_page({"kind": kind, **values})

    chosen = {"wordlist": form.values["wordlist"]} if kind == "passphrase" else {}
    first = domain.build(kind, chosen)
    assert (sent.recipe.size, sent.recipe.count) == (first.size, first.count)


@pytest.mark.parametrize("measure", ["size", "bits"])
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, known in PARAMETERS.items()
        for name, parameter in known.items()
        if parameter.type in {"integer", "number"}
    ],
)
def test_an_emptied_number_stands_for_its_placeholder(kind: str, name: str, measure: str) -> None:
    placeholder = empty_form(kind).fields[name].placeholder
    post = {"kind": kind, "measure": measure}

    emptied, filled = (validation.read_page({**post, name: text}) for text in ("", placeholder))

    assert placeholder
    assert (emptied.recipe.size, emptied.recipe.count) == (filled.recipe.size, filled.recipe.count)


def test_an_emptied_strength_is_that_of_the_form_whatever_the_classes() -> None:
    digits = dict.fromkeys(("lowercase", "uppercase", "symbols"), "off")

    sent = validation.read_page({"kind": "characters", "measure": "bits", "bits": "", **digits})

    assert sent.recipe == domain.build("characters", {"bits": 128, **dict.fromkeys(digits, False)})


def test_the_page_shows_what_an_emptied_length_draws(get: Visit) -> None:
    length = get().page.one(id="f-length")

    assert length.attributes["placeholder"] == "20"


def test_without_a_class_the_group_of_the_classes_is_at_fault(post: Visit) -> None:
    page = post(kind="characters", **dict.fromkeys(domain.CLASS_NAMES, "off")).page

    group = page.one("fieldset", id="f-classes")
    assert group.one(id=group.attributes["aria-describedby"]).text.startswith("escolha pelo menos")
    assert not page.all(aria_invalid="true")
    assert page.one(id="problems").one("a").attributes["href"] == "#f-classes"
