"""The form before anybody has changed it."""

import pytest

from passwords import domain, validation
from passwords.presentation.recipe_form import empty_form


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_what_stands_in_the_form_at_first_is_what_the_domain_draws_by_default(kind: str) -> None:
    form = empty_form(kind)
    flags = {True: "on", False: "off"}
    values = {
        name: flags[value] if isinstance(value, bool) else str(value)
        for name, value in form.values.items()
    }

    sent = validation.read_page({"kind": kind, **values})

    assert (sent.recipe.size, sent.recipe.count) == (
        form.first_recipe().size,
        form.first_recipe().count,
    )
