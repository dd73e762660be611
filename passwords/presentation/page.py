"""The page: cached templates, filled with the visitor's values."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.safestring import SafeString

from passwords.presentation.highlight import highlight
from passwords.presentation.labels import THEMES
from passwords.presentation.page_cache import faulty_strength, page_cache
from passwords.presentation.presets import preset
from passwords.presentation.strength import verdict
from passwords.recents import new_item_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from passwords.domain import Recipe
    from passwords.models import Policy
    from passwords.presentation.page_cache import PageCache
    from passwords.presentation.recipe_form import RecipeForm
    from passwords.recents import RecentItem

_MINUTE: Final = timedelta(minutes=1)
THEME_COOKIE_NAME: Final = "giropops_theme"
# The page's script sends this header: it gets the parts of the page, and replaces the old ones.
_PARTS_HEADER: Final = "HTTP_X_PARTS"
# The result's size by its length in characters: a longer secret is shown smaller.
_SIZES: Final = ((24, "l"), (64, "m"), (160, "s"))


def wants_parts(request: HttpRequest) -> bool:
    """Tell whether the page's script sent the request."""
    return _PARTS_HEADER in request.META


def page_html(
    request: HttpRequest,
    *,
    form: RecipeForm,
    recents: Sequence[RecentItem] | None,
    recipe: Recipe | None = None,
    result: RecentItem | None = None,
    policy: Policy | None = None,
) -> SafeString:
    """Return the page, or only its parts if the page's script sent the request.

    Args:
        request: for its cookies and headers.
        form: the recipe's form.
        recents: newest first, or ``None`` if the store is not available.
        recipe: the recipe of the strength that is shown; by default the form's.
        result: the new secret, drawn by *recipe*.
        policy: the chosen preset.
    """
    cache = page_cache()
    theme = request.COOKIES.get(THEME_COOKIE_NAME, "")
    page = cache.page(
        template="passwords/_parts.html" if wants_parts(request) else "passwords/home.html",
        theme=theme if theme in THEMES else "auto",
        kind=form.kind,
        state="faulty" if form.errors else "made" if result else "empty",
        presets=cache.presets(),
        chosen=preset(policy) if policy else None,
    )
    return page.fill(
        request_id=new_item_id(),
        fields=cache.fields(form),
        strength=strength_html(form, recipe),
        result=_result(cache, result, recipe, kept=recents is not None),
        recents=_recents(cache, form.kind, recents),
    )


def strength_html(form: RecipeForm, recipe: Recipe | None = None) -> SafeString:
    """Return the strength of the recipe, by default the form's, or what is wrong with it."""
    if form.errors:
        return faulty_strength(form)
    return page_cache().strength(recipe or form.first_recipe())


def _result(
    cache: PageCache, result: RecentItem | None, recipe: Recipe | None, *, kept: bool
) -> SafeString:
    if result is None or recipe is None:
        part = cache.result(verdict=None, kept=kept)
        return part.fill(secret="", size="", bits="", item_id="")
    part = cache.result(verdict=verdict(recipe), kept=kept)
    return part.fill(
        secret=highlight(result.value),
        size=next((size for limit, size in _SIZES if len(result.value) <= limit), "xs"),
        bits=cache.bits_text(result.entropy_bits, 2),
        item_id=result.item_id,
    )


def _recents(cache: PageCache, kind: str, items: Sequence[RecentItem] | None) -> SafeString:
    state = "away" if items is None else "some" if items else "empty"
    now = timezone.now()
    rows = SafeString("".join([_recent(cache, item, now) for item in items or ()]))
    return cache.recents(kind=kind, state=state).fill(items=rows)


def _recent(cache: PageCache, item: RecentItem, now: datetime) -> SafeString:
    return cache.recent(kind=item.kind).fill(
        item_id=SafeString(item.item_id),  # hexadecimal digits
        secret=highlight(item.value),
        bits=cache.bits_text(item.entropy_bits, 1),
        created_at=SafeString(item.created_at.isoformat(timespec="seconds")),
        age=cache.age((now - item.created_at) // _MINUTE),
        time_left=cache.time_left(math.ceil((item.expires_at - now) / _MINUTE)),
    )
