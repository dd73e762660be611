"""All that the page's template needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.middleware.csrf import get_token
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from passwords import selectors
from passwords.models import Kind
from passwords.presentation.marking import marked
from passwords.presentation.presets import preset
from passwords.presentation.recent_list import recent_secrets
from passwords.presentation.rendering import faulty_strength_html, fields_html, strength_html
from passwords.presentation.strength import strength_of
from passwords.recents import new_item_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from passwords.domain import Recipe
    from passwords.models import Policy
    from passwords.presentation.recipe_form import RecipeForm
    from passwords.recents import RecentItem

THEME_COOKIE_NAME: Final = "giropops_theme"
THEMES: Final = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
_SHORT_LANGUAGE_NAMES: Final = {"pt-br": "PT", "en": "EN", "es": "ES"}
# From so many characters on the result is written smaller, so that it stays in sight.
_SIZES: Final = ((24, "l"), (64, "m"), (160, "s"))


def page_context(
    request: HttpRequest,
    *,
    form: RecipeForm,
    recents: Sequence[RecentItem] | None,
    recipe: Recipe | None = None,
    result: RecentItem | None = None,
    policy: Policy | None = None,
) -> dict[str, Any]:
    """Return what the template needs.

    Args:
        request: for the cookies.
        form: the recipe's form.
        recents: newest first, or ``None`` while they cannot be reached.
        recipe: what was drawn by; if left out, what the form says.
        result: the new secret.
        policy: the preset that was chosen.
    """
    language = get_language()
    return {
        "request": request,
        "csrf_token": get_token(request),
        "request_id": new_item_id(),
        "language": language,
        "languages": [
            (code, _SHORT_LANGUAGE_NAMES[code], name) for code, name in settings.LANGUAGES
        ],
        "theme": request.COOKIES.get(THEME_COOKIE_NAME, "auto"),
        "themes": THEMES.items(),
        "shared": settings.RECENTS_SCOPE == "shared",
        "kinds": Kind.choices,
        "form": form,
        "fields": fields_html(form),
        "strength": _strength(form, recipe),
        "presets": [preset(active) for active in selectors.active_policies()],
        "chosen": preset(policy) if policy else None,
        "recents": None if recents is None else recent_secrets(recents),
        **(_result(result) if result else {}),
    }


def _strength(form: RecipeForm, recipe: Recipe | None) -> str:
    if form.errors:
        return faulty_strength_html(form)
    return strength_html(recipe or form.first_recipe())


def _result(result: RecentItem) -> dict[str, Any]:
    level, label = strength_of(result.entropy_bits)
    length = len(result.value)
    return {
        "result": result,
        "result_marked": marked(result.value),
        "result_size": next((size for limit, size in _SIZES if length <= limit), "xs"),
        "result_level": level.value,
        "result_label": label,
    }
