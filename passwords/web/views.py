"""The page: a form for each kind of secret, a secret, and the owner's recent secrets.

The forms have no CSRF token: the cross-origin protection covers every view.
"""

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from passwords import domain, drafts, formats, owners, services, sharing, validation
from passwords.client_address import client_address
from passwords.drafts import Draft
from passwords.models import Channel
from passwords.presentation.labels import THEMES
from passwords.presentation.page import (
    THEME_COOKIE_NAME,
    draft_result,
    page_html,
    recorded_result,
    wants_parts,
)
from passwords.presentation.page_cache import MAX_NAME_LENGTH, NAME_PREFIX
from passwords.presentation.qr_code import qr_code
from passwords.presentation.recipe_form import fields_of_query, posted_form, recipe_form
from passwords.presentation.spelling import groups
from passwords.problems import DRAFT_GONE, ITEM_GONE, allow, respond, share_problem
from passwords.recents import Owner, RecentItem, RecentsUnavailableError, new_item_id
from passwords.services import Generated
from passwords.web.sharing import share_form_page
from passwords.web.writing import written_page

_ItemView = Callable[[HttpRequest, RecentItem], HttpResponse]

# Empty: a client such as `curl -X POST`, which sends no body.
_FORM_TYPES: Final = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@csrf_exempt
@allow("GET", "HEAD", "POST")
def home(request: HttpRequest) -> HttpResponse:
    """Show the page with a draft of the recipe in the address; after ``POST`` with a new secret."""
    return _generate(request) if request.method == "POST" else _show_draft(request)


@csrf_exempt
@allow("POST")
def keep(request: HttpRequest) -> HttpResponse:
    """Record the draft that the page showed."""
    try:
        draft = drafts.from_token(request.POST.get("draft", ""))
    except drafts.DraftError:
        return respond(request, HTTPStatus.GONE, message=DRAFT_GONE)
    owner = owners.find_recipient(request)
    kept = _keep(request, draft, owner)
    response = _page(
        request,
        owner=owner,
        form=recipe_form(draft.recipe.kind, draft.parameters),
        recents=kept.recents,
        recipe=draft.recipe,
        result=recorded_result(kept.secrets[0], kept.recents),
        policy=draft.policy.slug if draft.policy else "",
    )
    owners.set_owner_cookie(response, owner)
    return response


@csrf_exempt
@allow("GET", "HEAD")
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """Redirect to the icon: browsers that show a response of the API request this address."""
    return redirect(static("passwords/favicon.svg"))


@csrf_exempt
@allow("POST")
def qr(request: HttpRequest) -> HttpResponse:
    """Show a secret as a QR code."""
    return _show(request, _qr)


@csrf_exempt
@allow("POST")
def read_aloud(request: HttpRequest) -> HttpResponse:
    """Show a secret spelled, for reading aloud, and on a card for a wireless network."""
    return _show(request, _read_aloud)


@csrf_exempt
@allow("POST")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Show the form for a one-time link with a secret as its text."""
    if not sharing.may_create(owners.find_or_make_owner(request)):
        return share_problem(request, sharing.NotAllowedError())
    return _show(request, _hand_over)


@csrf_exempt
@allow("POST")
def write(request: HttpRequest) -> HttpResponse:
    """Show a secret as a file or tool takes it, and the form of each format."""
    return _show(request, written_page)


@csrf_exempt
@allow("POST")
def forget(request: HttpRequest) -> HttpResponse:
    """Forget one recent secret."""
    owner = owners.find_or_make_owner(request)
    try:
        services.forget(owner=owner, item_id=request.POST.get("item", ""))
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE)
    return _see_home(request)


@csrf_exempt
@allow("POST")
def rename(request: HttpRequest) -> HttpResponse:
    """Give recent secrets the names in the form."""
    names = {
        field.removeprefix(NAME_PREFIX): " ".join(name.split())
        for field, name in request.POST.dict().items()
        if field.startswith(NAME_PREFIX)
    }
    if any(len(name) > MAX_NAME_LENGTH or not name.isprintable() for name in names.values()):
        message = gettext("A name has at most %(maximum)d characters, all of them printable.")
        return respond(
            request,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            message=message % {"maximum": MAX_NAME_LENGTH},
        )
    try:
        services.rename(owner=owners.find_or_make_owner(request), names=names)
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE)
    return _see_home(request)


@csrf_exempt
@allow("POST")
def clear(request: HttpRequest) -> HttpResponse:
    """Forget all recent secrets."""
    try:
        services.forget_all(owner=owners.find_or_make_owner(request), channel=Channel.WEB)
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE)
    return _see_home(request)


@csrf_exempt
@allow("POST")
def preferences(request: HttpRequest) -> HttpResponse:
    """Store the chosen language or theme in a cookie."""
    response = _see_home(request)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        _set_preference(response, settings.LANGUAGE_COOKIE_NAME, str(language))
    theme = request.POST.get("theme")
    if theme in THEMES:
        _set_preference(response, THEME_COOKIE_NAME, str(theme))
    return response


def _show_draft(request: HttpRequest) -> HttpResponse:
    """Show a draft of the recipe in the query. ``HEAD`` and a wrong recipe draw nothing."""
    owner, recents = _visitor(request)
    query = fields_of_query(request.GET.dict())
    try:
        wanted = validation.read(validation.from_post(query), max_count=1)
    except validation.InvalidRequestError as error:
        form = posted_form(query, error)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, owner=owner, form=form, recents=recents, status=status)
    draft = None
    if request.method == "GET":
        draft = drafts.draw(
            recipe=wanted.recipe, parameters=wanted.parameters, policy=wanted.policy
        )
    return _page(
        request,
        owner=owner,
        form=recipe_form(wanted.recipe.kind, wanted.parameters),
        recents=recents,
        recipe=wanted.recipe,
        result=draft and draft_result(draft),
        policy=wanted.policy.slug if wanted.policy else "",
    )


def _generate(request: HttpRequest) -> HttpResponse:
    """Draw a secret, or show again the one that the same request drew before."""
    post = _form(request)
    try:
        wanted = validation.read_page(post)
    except validation.InvalidRequestError as error:
        owner, recents = _visitor(request)
        form = posted_form(post, error)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, owner=owner, form=form, recents=recents, status=status)
    owner = owners.find_recipient(request)
    generated = services.generate(
        recipe=wanted.recipe,
        policy=wanted.policy,
        owner=owner,
        channel=Channel.WEB,
        item_id=_request_id(post),
        client_address=client_address(request),
    )
    response = _page(
        request,
        owner=owner,
        form=recipe_form(wanted.recipe.kind, wanted.parameters),
        recents=generated.recents,
        recipe=wanted.recipe,
        result=recorded_result(generated.secrets[0], generated.recents),
        policy=wanted.policy.slug if wanted.policy else "",
    )
    owners.set_owner_cookie(response, owner)
    return response


def _keep(request: HttpRequest, draft: Draft, owner: Owner | None) -> Generated:
    return services.keep(
        draft=draft, owner=owner, channel=Channel.WEB, client_address=client_address(request)
    )


def _show(request: HttpRequest, view: _ItemView) -> HttpResponse:
    """Show one recent secret with *view*, or a draft, which is recorded."""
    if "draft" in request.POST:
        return _show_and_keep(request, view)
    wanted = request.POST.get("item")
    _owner, recents = _visitor(request)
    if recents is None:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE)
    item = next((item for item in recents if item.item_id == wanted), None)
    if item is None:
        return respond(request, HTTPStatus.NOT_FOUND, message=ITEM_GONE)
    return view(request, item)


def _show_and_keep(request: HttpRequest, view: _ItemView) -> HttpResponse:
    try:
        draft = drafts.from_token(request.POST["draft"])
    except drafts.DraftError:
        return respond(request, HTTPStatus.GONE, message=DRAFT_GONE)
    owner = owners.find_recipient(request)
    kept = _keep(request, draft, owner)
    response = view(request, kept.secrets[0])
    owners.set_owner_cookie(response, owner)
    return response


def _qr(request: HttpRequest, item: RecentItem) -> HttpResponse:
    return render(request, "passwords/qr.html", {"code": qr_code(item.value)})


def _hand_over(request: HttpRequest, item: RecentItem) -> HttpResponse:
    return share_form_page(request, item.value)


def _read_aloud(request: HttpRequest, item: RecentItem) -> HttpResponse:
    value = item.value
    source = "draft" if "draft" in request.POST else "item"
    network = request.POST.get("network")
    context = {
        "groups": groups(value),
        "secret": value,
        "source": source,
        "held": request.POST[source],
        "network": network or "",
    }
    if network is None:
        return render(request, "passwords/read_aloud.html", context)
    try:
        card = formats.read({"as": "wifi", "network": network}).write(value)
        context["code"] = qr_code(card.text)
    except domain.RecipeError as error:
        context["error"] = validation.translated(error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if "error" in context else HTTPStatus.OK
    return render(request, "passwords/read_aloud.html", context, status=status)


def _form(request: HttpRequest) -> dict[str, str]:
    """Return the fields of the form. A body of another type counts as a form of no known kind."""
    return request.POST.dict() if request.content_type in _FORM_TYPES else {"kind": ""}


def _page(
    request: HttpRequest,
    *,
    owner: Owner | None,
    status: HTTPStatus = HTTPStatus.OK,
    **content: Any,
) -> HttpResponse:
    signed_in = owner is not None and owner.user_id is not None
    # The page's script finds errors in the parts; a status would only log to the browser's console.
    shown = HTTPStatus.OK if wants_parts(request) else status
    return HttpResponse(page_html(request, signed_in=signed_in, **content), status=shown)


def _visitor(request: HttpRequest) -> tuple[Owner | None, Sequence[RecentItem] | None]:
    """Return the visitor and their recents.

    The recents are ``None`` if the store or the database is not available.
    """
    owner = None
    try:
        owner = owners.find_owner(request)
        return owner, services.recents(owner) if owner else []
    except (RecentsUnavailableError, owners.OwnerUnknownError):
        return owner, None


def _request_id(post: dict[str, str]) -> str:
    """Return the id of the request in the form if it is valid, otherwise a new one."""
    request_id = post.get("request_id", "")
    return request_id if _REQUEST_ID.fullmatch(request_id) else new_item_id()


def _set_preference(response: HttpResponse, name: str, choice: str) -> None:
    response.set_cookie(
        name,
        choice,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.COOKIE_PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _see_home(request: HttpRequest) -> HttpResponse:
    """Redirect to the page, which the browser then gets (RFC 9110, section 15.4.4)."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    location = f"{reverse('passwords:home')}?{query}" if query else reverse("passwords:home")
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
