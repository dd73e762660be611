"""The page: what is the same for many is taken ready-made, what is somebody's own filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from passwords.presentation import durations, rendering
from passwords.presentation.labels import THEMES
from passwords.presentation.marking import marked
from passwords.presentation.presets import listed_presets, preset
from passwords.presentation.strength import bits_text, strength_of
from passwords.recents import new_item_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from passwords.domain import Recipe
    from passwords.models import Policy
    from passwords.presentation.recipe_form import RecipeForm
    from passwords.recents import RecentItem

THEME_COOKIE_NAME: Final = "giropops_theme"
# A script asks for the parts of the page alone, which it puts in the place of the old ones.
_PARTS_HEADER: Final = "X-Parts"
# From so many characters on the result is written smaller, so that it stays in sight.
_SIZES: Final = ((24, "l"), (64, "m"), (160, "s"))


def asks_for_parts(request: HttpRequest) -> bool:
    """Tell whether it is a script that asks."""
    return _PARTS_HEADER in request.headers


def page_html(
    request: HttpRequest,
    *,
    form: RecipeForm,
    recents: Sequence[RecentItem] | None,
    recipe: Recipe | None = None,
    result: RecentItem | None = None,
    policy: Policy | None = None,
) -> SafeString:
    """Return the page, or its parts alone if it is a script that asks.

    Args:
        request: for its cookies and headers.
        form: the recipe's form.
        recents: newest first, or ``None`` while they cannot be reached.
        recipe: what was drawn by; if left out, what the form says.
        result: the new secret.
        policy: the preset that was chosen.
    """
    language = get_language()
    csrf_token = get_token(request)
    theme = request.COOKIES.get(THEME_COOKIE_NAME, "")
    page = rendering.page(
        language,
        template="passwords/_parts.html" if asks_for_parts(request) else "passwords/home.html",
        theme=theme if theme in THEMES else "auto",
        kind=form.kind,
        state="faulty" if form.errors else "made" if result else "empty",
        presets=listed_presets(language),
        chosen=preset(policy) if policy else None,
    )
    return page.fill(
        csrf_token=csrf_token,
        request_id=new_item_id(),
        fields=rendering.fields(language, form),
        strength=strength_html(form, recipe),
        result=_result(language, result, kept=recents is not None),
        recents=_recents(language, form.kind, recents, csrf_token),
    )


def strength_html(form: RecipeForm, recipe: Recipe | None = None) -> SafeString:
    """Return the part on the strength of the recipe, by default the form's, or on what is wrong."""
    if form.errors:
        return rendering.faulty_strength(form)
    return rendering.strength(get_language(), recipe or form.first_recipe())


def _result(language: str, result: RecentItem | None, *, kept: bool) -> SafeString:
    if result is None:
        part = rendering.result(language, level=None, kept=kept)
        return part.fill(secret="", size="", bits="", item_id="")
    part = rendering.result(language, level=strength_of(result.entropy_bits), kept=kept)
    return part.fill(
        secret=marked(result.value),
        size=next((size for limit, size in _SIZES if len(result.value) <= limit), "xs"),
        bits=bits_text(language, result.entropy_bits, 2),
        item_id=result.item_id,
    )


def _recents(
    language: str, kind: str, items: Sequence[RecentItem] | None, csrf_token: str
) -> SafeString:
    state = "away" if items is None else "some" if items else "empty"
    now = timezone.now()
    rows = SafeString("".join([_recent(language, item, now) for item in items or ()]))
    return rendering.recents(language, kind=kind, state=state).fill(
        csrf_token=csrf_token, items=rows
    )


def _recent(language: str, item: RecentItem, now: datetime) -> SafeString:
    return rendering.recent(language, kind=item.kind).fill(
        item_id=item.item_id,
        secret=marked(item.value),
        bits=bits_text(language, item.entropy_bits, 1),
        created_at=item.created_at.isoformat(timespec="seconds"),
        age=durations.age(language, (now - item.created_at).total_seconds()),
        time_left=durations.time_left(language, (item.expires_at - now).total_seconds()),
    )
