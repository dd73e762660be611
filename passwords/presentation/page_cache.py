"""The rendered parts of the page, cached for each language. No secret is cached."""

import time
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from passwords.domain import Recipe
from passwords.models import Kind
from passwords.numbers import bits_text, whole_number
from passwords.policies import queries
from passwords.presentation import durations
from passwords.presentation.format_form import format_label
from passwords.presentation.labels import LANGUAGE_INITIALS, THEMES, kind_label
from passwords.presentation.presets import Preset, preset
from passwords.presentation.recipe_form import RecipeForm
from passwords.presentation.slots import SlottedTemplate, escaped, render_part
from passwords.presentation.strength import Verdict, report

# How long a changed policy may be shown as it was. (A chosen policy is always read again.)
PRESETS_SECONDS: Final = 5
NAME_PREFIX: Final = "name-"
"""The name of a recent secret's field, before its id."""
MAX_NAME_LENGTH: Final = 60
# Longer input of a visitor is not cached, so that the caches stay small.
_MAX_KEY_CHARACTERS: Final = 500


class PageCache:
    """The rendered parts of the page in one language, each cache bounded."""

    def __init__(self) -> None:
        self.page = lru_cache(maxsize=128)(_page)
        self.result = lru_cache(maxsize=64)(_result)
        self.recents = lru_cache(maxsize=64)(_recents)
        self.recent = lru_cache(maxsize=64)(_recent)
        self.strength = lru_cache(maxsize=256)(_strength)
        self.length_text = lru_cache(maxsize=1024)(_length_text)
        self.bits_text = lru_cache(maxsize=1024)(_bits_text)
        self.age = lru_cache(maxsize=4096)(_age)
        self.time_left = lru_cache(maxsize=4096)(_time_left)
        self._fields = lru_cache(maxsize=64)(_fields)
        self._presets = lru_cache(maxsize=2)(_presets)

    def fields(self, form: RecipeForm) -> SafeString:
        """Return the fields of *form*, with their errors."""
        characters = sum(len(str(value)) for value in form.values.values())
        if form.errors or characters > _MAX_KEY_CHARACTERS:
            return render_part(form.template, {"form": form})
        return self._fields(form.kind, tuple(form.values.items()))

    def presets(self) -> tuple[Preset, ...]:
        """Return the presets; they are read again every few seconds."""
        return self._presets(int(time.monotonic() // PRESETS_SECONDS))


def page_cache() -> PageCache:
    """Return the cache of the active language."""
    return _cache_of(get_language())


@lru_cache(maxsize=8)
def _cache_of(language: str | None) -> PageCache:  # noqa: ARG001  # the key
    return PageCache()


def _page(
    *,
    template: str,
    theme: str,
    kind: str,
    state: str,
    presets: tuple[Preset, ...],
    chosen: str,
    signed_in: bool,
) -> SlottedTemplate:
    """Return the page, with slots for its parts.

    Args:
        template: the whole page, or only its parts.
        theme: the visitor's theme.
        kind: the kind of the form.
        state: ``"new"`` (there is a recorded secret), ``"faulty"`` (the recipe is invalid), or
            empty.
        presets: all presets.
        chosen: the slug of the chosen preset.
        signed_in: whether the visitor is signed in.
    """
    context = {
        "language": get_language(),
        "languages": [(code, LANGUAGE_INITIALS[code], name) for code, name in settings.LANGUAGES],
        "theme": theme,
        "themes": THEMES.items(),
        "kind": kind,
        "kinds": Kind.choices,
        "state": state,
        "presets": presets,
        "chosen": next((preset for preset in presets if preset.slug == chosen), None),
        "signed_in": signed_in,
        "shared": settings.RECENTS_SCOPE == "shared",
    }
    slots = ("query", "request_id", "fields", "result", "strength", "recents")
    return SlottedTemplate(template, context, slots=slots)


def _result(
    *, verdict: Verdict | None, state: str, has_preset: bool, has_public: bool, is_file: bool
) -> SlottedTemplate:
    """Return the part for the secret.

    Args:
        verdict: the strength; without it there is no secret.
        state: as in `passwords.presentation.page.Result`.
        has_preset: whether a preset is chosen.
        has_public: whether the secret has a public half.
        is_file: whether the secret has several lines.
    """
    context = {
        "has_public": has_public,
        "is_file": is_file,
        "made": verdict is not None,
        "state": state,
        "has_preset": has_preset,
        "verdict": verdict,
        "can_share": _can_share(),
    }
    slots = (
        "secret",
        "public",
        "problems",
        "size",
        "bits",
        "held",
        "policy",
        "request_id",
        "query",
    )
    return SlottedTemplate("passwords/_result.html", context, slots=slots)


def _recents(*, state: str) -> SlottedTemplate:
    """Return the part for the recent secrets; *state* is ``"away"``, ``"empty"`` or ``"some"``."""
    context = {"state": state, "can_share": _can_share()}
    return SlottedTemplate("passwords/_recents.html", context, slots=("query", "items"))


def _recent(*, kind: str, format_name: str, has_public: bool, is_file: bool) -> SlottedTemplate:
    """Return the row of one recent secret of *kind*; the others as in `_result`.

    *format_name* is the format that it was written in; empty without one.
    """
    context = {
        "format_label": format_label(format_name),
        "has_public": has_public,
        "is_file": is_file,
        "label": kind_label(kind),
        "can_share": _can_share(),
        "name_prefix": NAME_PREFIX,
        "max_name_length": MAX_NAME_LENGTH,
    }
    slots = (
        "item_id",
        "name",
        "secret",
        "public",
        "length",
        "bits",
        "created_at",
        "age",
        "time_left",
    )
    return SlottedTemplate("passwords/_recent.html", context, slots=slots)


def _can_share() -> bool:
    return settings.SHARES != "off"  # with "signed-in", strangers are told to sign in


def _fields(kind: str, values: tuple[tuple[str, Any], ...]) -> SafeString:
    form = RecipeForm(kind=kind, values=dict(values))
    return render_part(form.template, {"form": form})


def _presets(period: int) -> tuple[Preset, ...]:  # noqa: ARG001  # the key
    return tuple(preset(policy) for policy in queries.active_policies())


def _length_text(characters: int) -> SafeString:
    text = ngettext("%(number)s character", "%(number)s characters", characters)
    return escaped(text % {"number": whole_number(characters)})


def _bits_text(bits: float, places: int) -> SafeString:
    return escaped(bits_text(bits, places))


def _age(minutes: int) -> SafeString:
    return escaped(durations.age(minutes))


def _time_left(minutes: int) -> SafeString:
    return escaped(durations.time_left(minutes))


def _strength(recipe: Recipe | None) -> SafeString:
    """Return the strength of *recipe*; ``None`` stands for an invalid one."""
    context = {"report": report(recipe) if recipe else None}
    return render_part("passwords/_strength.html", context)
