"""The page: cached templates, filled with the visitor's values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from passwords import drafts
from passwords.domain import Recipe
from passwords.drafts import Draft
from passwords.formats import drawing, key_pairs
from passwords.presentation.highlight import highlight
from passwords.presentation.labels import THEMES
from passwords.presentation.page_cache import PageCache, page_cache
from passwords.presentation.recipe_form import RecipeForm, recipe_query
from passwords.presentation.slots import render_part
from passwords.presentation.strength import verdict
from passwords.recents import RecentItem, new_item_id

_MINUTE: Final = timedelta(minutes=1)
THEME_COOKIE_NAME: Final = "giropops_theme"
# The page's script sends this header: it gets the parts of the page, and replaces the old ones.
_PARTS_HEADER: Final = "HTTP_X_PARTS"
# The result's size by its length in characters: a longer secret is shown smaller.
_SIZES: Final = ((24, "l"), (64, "m"), (160, "s"))


def wants_parts(request: HttpRequest) -> bool:
    """Tell whether the page's script sent the request."""
    return _PARTS_HEADER in request.META


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The secret that the page shows.

    Attributes:
        state: ``draft`` (not recorded), ``kept`` (in the recents), ``away`` (not in the recents,
            which are not available), or ``before`` (not in the recents, although it was kept).
        encoding: of a token; empty for other kinds.
        held: what forms send for the secret: the token of a draft, or the id of a recent item.
    """

    state: str
    value: str = field(repr=False)
    encoding: str
    entropy_bits: float
    held: str = field(repr=False)


def draft_result(draft: Draft) -> Result:
    """Return a draft as the page shows it."""
    return Result(
        state="draft",
        value=draft.value,
        encoding=drawing.encoding_of(draft.recipe),
        entropy_bits=draft.recipe.entropy_bits,
        held=drafts.to_token(draft),
    )


def recorded_result(item: RecentItem, recents: Sequence[RecentItem] | None) -> Result:
    """Return a recorded secret as the page shows it.

    Args:
        item: the secret.
        recents: the owner's recents, or ``None`` if the store is not available.
    """
    if recents is None:
        state = "away"
    else:
        state = "kept" if any(item.item_id == other.item_id for other in recents) else "before"
    return Result(
        state=state,
        value=item.value,
        encoding=item.encoding,
        entropy_bits=item.entropy_bits,
        held=item.item_id,
    )


def page_html(
    request: HttpRequest,
    *,
    form: RecipeForm,
    recents: Sequence[RecentItem] | None,
    recipe: Recipe | None = None,
    result: Result | None = None,
    policy: str = "",
    signed_in: bool = False,
) -> SafeString:
    """Return the page, or only its parts if the page's script sent the request.

    Args:
        request: for its cookies and headers.
        form: the recipe's form.
        recents: newest first, or ``None`` if the store is not available.
        recipe: the recipe in the form, or ``None`` if the form has errors.
        result: the secret, drawn by *recipe*.
        policy: the slug of the chosen preset.
        signed_in: whether the visitor is signed in.
    """
    cache = page_cache()
    theme = request.COOKIES.get(THEME_COOKIE_NAME, "")
    query = recipe_query(form, policy)
    page = cache.page(
        template="passwords/_parts.html" if wants_parts(request) else "passwords/home.html",
        theme=theme if theme in THEMES else "auto",
        kind=form.kind,
        state="faulty" if form.errors else "new" if result and result.state != "draft" else "",
        presets=cache.presets(),
        chosen=policy,
        signed_in=signed_in,
    )
    return page.fill(
        query=query,
        request_id=new_item_id(),
        fields=cache.fields(form),
        strength=cache.strength(recipe),
        result=_result(cache, result, recipe, policy, query)
        if result and recipe
        else _no_result(cache, form, query),
        recents=_recents(cache, query, recents),
    )


def _no_result(cache: PageCache, form: RecipeForm, query: str) -> SafeString:
    """Return the part for the secret with the errors of the form in its place."""
    problems = render_part("passwords/_problems.html", {"problems": form.problems})
    part = cache.result(
        verdict=None, state="empty", has_preset=False, has_public=False, is_file=False
    )
    return part.fill(
        secret="",
        public="",
        problems=problems if form.errors else "",
        size="",
        bits="",
        held="",
        policy="",
        request_id="",
        query=query,
    )


def _result(
    cache: PageCache, result: Result, recipe: Recipe, policy: str, query: str
) -> SafeString:
    public = key_pairs.public_half(result.encoding, result.value)
    is_file = _is_file(result.value)
    size = next((size for limit, size in _SIZES if len(result.value) <= limit), "xs")
    part = cache.result(
        verdict=verdict(recipe),
        state=result.state,
        has_preset=bool(policy),
        has_public=bool(public),
        is_file=is_file,
    )
    return part.fill(
        secret=highlight(result.value),
        public=public or "",
        problems="",
        size="file" if is_file else size,
        bits=cache.bits_text(result.entropy_bits, 2),
        held=result.held,
        policy=policy,
        request_id=new_item_id(),
        query=query,
    )


def _recents(cache: PageCache, query: str, items: Sequence[RecentItem] | None) -> SafeString:
    state = "away" if items is None else "some" if items else "empty"
    now = timezone.now()
    rows = SafeString("".join([_recent(cache, item, now) for item in items or ()]))
    return cache.recents(state=state).fill(query=query, items=rows)


def _recent(cache: PageCache, item: RecentItem, now: datetime) -> SafeString:
    public = key_pairs.public_half(item.encoding, item.value)
    part = cache.recent(
        kind=item.kind,
        format_name=item.format,
        has_public=bool(public),
        is_file=_is_file(item.value),
    )
    return part.fill(
        item_id=SafeString(item.item_id),  # hexadecimal digits
        public=public or "",
        name=item.name,
        secret=highlight(item.value),
        length=cache.length_text(len(item.value)),
        bits=cache.bits_text(item.entropy_bits, 1),
        created_at=SafeString(item.created_at.isoformat(timespec="seconds")),
        age=cache.age((now - item.created_at) // _MINUTE),
        time_left=cache.time_left(math.ceil((item.expires_at - now) / _MINUTE)),
    )


def _is_file(secret: str) -> bool:
    """Return whether the secret has several lines, as a private key of OpenSSH."""
    return "\n" in secret
