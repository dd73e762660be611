"""The parts of the page that are the same for everybody who chose the same: rendered once.

A page is mostly such parts, and rendering them costs more than all the rest of a request.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from passwords.presentation.recipe_form import RecipeForm
from passwords.presentation.strength import report

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from passwords.domain import Recipe


def fields_html(form: RecipeForm) -> SafeString:
    """Return the fields of *form*."""
    if form.errors:
        return render_to_string(form.template, {"form": form})
    return _fields_html(get_language(), form.kind, tuple(form.values.items()))


def strength_html(recipe: Recipe) -> SafeString:
    """Return the part of the page on the strength of *recipe*."""
    return _strength_html(get_language(), recipe)


def faulty_strength_html(form: RecipeForm) -> SafeString:
    """Return the same part for a recipe that cannot be."""
    return render_to_string("passwords/_strength.html", {"problems": form.problems})


@lru_cache(maxsize=64)
def _fields_html(
    language: str,  # noqa: ARG001  # the active one: part of the key
    kind: str,
    values: tuple[tuple[str, Any], ...],
) -> SafeString:
    form = RecipeForm(kind=kind, values=dict(values))
    return render_to_string(form.template, {"form": form})


@lru_cache(maxsize=256)
def _strength_html(language: str, recipe: Recipe) -> SafeString:  # noqa: ARG001  # the active one
    return render_to_string("passwords/_strength.html", {"report": report(recipe)})
