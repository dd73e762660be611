"""The parts of the page that are the same for everybody who chose the same: rendered once each."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from passwords.models import Kind
from passwords.presentation.labels import LANGUAGE_INITIALS, THEMES
from passwords.presentation.recipe_form import RecipeForm
from passwords.presentation.slots import SlottedTemplate, render_part
from passwords.presentation.strength import LABELS, report

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from passwords.domain import Recipe
    from passwords.domain.guessing import Strength
    from passwords.presentation.presets import Preset

# Each function takes the active language first: what it keeps is in that language.


@lru_cache(maxsize=128)
def page(
    language: str,
    *,
    template: str,
    theme: str,
    kind: str,
    state: str,
    presets: tuple[Preset, ...],
    chosen: Preset | None,
) -> SlottedTemplate:
    """Return the page around its parts.

    Args:
        language: the active one.
        template: the whole page, or its parts alone.
        theme: the visitor's choice.
        kind: of the form that is shown.
        state: ``"empty"``, ``"made"`` (a secret) or ``"faulty"`` (a recipe).
        presets: those to choose from.
        chosen: the one of them that was.
    """
    context = {
        "language": language,
        "languages": [(code, LANGUAGE_INITIALS[code], name) for code, name in settings.LANGUAGES],
        "theme": theme,
        "themes": THEMES.items(),
        "kind": kind,
        "kinds": Kind.choices,
        "state": state,
        "presets": presets,
        "chosen": chosen,
        "shared": settings.RECENTS_SCOPE == "shared",
    }
    slots = ("csrf_token", "request_id", "fields", "result", "strength", "recents")
    return SlottedTemplate(template, context, slots=slots)


@lru_cache(maxsize=64)
def result(language: str, *, level: Strength | None, kept: bool) -> SlottedTemplate:  # noqa: ARG001
    """Return the part with the new secret, or without one if it has no *level*."""
    label = "" if level is None else LABELS[level]
    context = {"made": level is not None, "kept": kept, "level": level, "label": label}
    return SlottedTemplate(
        "passwords/_result.html", context, slots=("secret", "size", "bits", "item_id")
    )


@lru_cache(maxsize=64)
def recents(language: str, *, kind: str, state: str) -> SlottedTemplate:  # noqa: ARG001
    """Return the part with the recent secrets: ``"away"``, ``"empty"`` or ``"some"``."""
    context = {"kind": kind, "state": state}
    return SlottedTemplate("passwords/_recents.html", context, slots=("csrf_token", "items"))


@lru_cache(maxsize=32)
def recent(language: str, *, kind: str) -> SlottedTemplate:  # noqa: ARG001
    """Return the row of one recent secret of *kind*."""
    context = {"label": Kind(kind).label}
    slots = ("item_id", "secret", "bits", "created_at", "age", "time_left")
    return SlottedTemplate("passwords/_recent.html", context, slots=slots)


def fields(language: str, form: RecipeForm) -> SafeString:
    """Return the fields of *form*, with what is wrong with them."""
    if form.errors:
        return render_part("passwords/_fields.html", {"form": form})
    return _fields(language, form.kind, tuple(form.values.items()))


@lru_cache(maxsize=64)
def _fields(language: str, kind: str, values: tuple[tuple[str, Any], ...]) -> SafeString:  # noqa: ARG001
    form = RecipeForm(kind=kind, values=dict(values))
    return render_part("passwords/_fields.html", {"form": form})


@lru_cache(maxsize=256)
def strength(language: str, recipe: Recipe) -> SafeString:  # noqa: ARG001
    """Return the part on the strength of *recipe*."""
    return render_part("passwords/_strength.html", {"report": report(recipe)})


def faulty_strength(form: RecipeForm) -> SafeString:
    """Return the same part for a recipe that cannot be."""
    return render_part("passwords/_strength.html", {"problems": form.problems})
