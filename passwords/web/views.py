"""The page: a form for each kind of secret, the result, and the owner's recent secrets.

The forms have no CSRF token: the cross-origin protection covers every view.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from passwords import domain, owners, services, validation
from passwords.client_address import client_address
from passwords.models import Channel
from passwords.presentation.labels import THEMES
from passwords.presentation.page import THEME_COOKIE_NAME, page_html, strength_html, wants_parts
from passwords.presentation.qr_code import qr_code
from passwords.presentation.recipe_form import empty_form, posted_form, recipe_form
from passwords.problems import allow, respond
from passwords.recents import RecentsUnavailableError, new_item_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from passwords.recents import RecentItem

# Empty: a client such as `curl -X POST`, which sends no body.
_FORM_TYPES: Final = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@csrf_exempt
@allow("GET", "HEAD", "POST")
def home(request: HttpRequest) -> HttpResponse:
    """Show the page; after ``POST`` with a new secret."""
    if request.method == "POST":
        return _generate(request)
    form = empty_form(request.GET.get("kind"))
    return _page(request, form=form, recents=_recents(request))


@csrf_exempt
@allow("GET", "HEAD")
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """Redirect to the icon: browsers that show a response of the API request this address."""
    return redirect(static("passwords/favicon.svg"))


@csrf_exempt
@allow("GET", "HEAD")
def strength(request: HttpRequest) -> HttpResponse:
    """Show the strength of the recipe in the query, or its error; nothing is drawn."""
    query = request.GET.dict()
    try:
        wanted = validation.read(validation.from_post(query), max_count=1)
    except validation.InvalidRequestError as error:
        return HttpResponse(strength_html(posted_form(query, error)))
    form = posted_form(query)
    return HttpResponse(strength_html(form, wanted.recipe))


@csrf_exempt
@allow("POST")
def qr(request: HttpRequest) -> HttpResponse:
    """Show one recent secret as a QR code."""
    wanted = request.POST.get("item")
    item = next((item for item in _recents(request) or () if item.item_id == wanted), None)
    if item is None:
        return respond(request, HTTPStatus.NOT_FOUND)
    return render(request, "passwords/qr.html", {"code": qr_code(item.value)})


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


def _generate(request: HttpRequest) -> HttpResponse:
    """Draw a secret, or show again the one that the same request drew before."""
    post = _form(request)
    try:
        wanted = validation.read_page(post)
    except validation.InvalidRequestError as error:
        form = posted_form(post, error)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, form=form, recents=_recents(request), status=status)
    owner = owners.find_recipient(request)
    policy = wanted.policy
    generated = services.generate(
        recipe=wanted.recipe,
        policy=policy,
        owner=owner,
        channel=Channel.WEB,
        item_id=_request_id(post),
        client_address=client_address(request),
    )
    response = _page(
        request,
        form=recipe_form(policy.kind, policy.parameters) if policy else posted_form(post),
        recents=generated.recents,
        recipe=wanted.recipe,
        result=generated.secrets[0],
        policy=policy,
    )
    owners.set_owner_cookie(response, owner)
    return response


def _form(request: HttpRequest) -> dict[str, str]:
    """Return the fields of the form. A body of another type counts as a form of no known kind."""
    return request.POST.dict() if request.content_type in _FORM_TYPES else {"kind": ""}


def _page(
    request: HttpRequest, *, status: HTTPStatus = HTTPStatus.OK, **content: Any
) -> HttpResponse:
    # The page's script finds errors in the parts; a status would only log to the browser's console.
    shown = HTTPStatus.OK if wants_parts(request) else status
    return HttpResponse(page_html(request, **content), status=shown)


def _recents(request: HttpRequest) -> Sequence[RecentItem] | None:
    """Return the visitor's recents; ``None`` if the store or the database is not available."""
    try:
        owner = owners.find_owner(request)
        return services.recents(owner) if owner else []
    except (RecentsUnavailableError, owners.OwnerUnknownError):
        return None


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
    kind = request.POST.get("kind", "")
    home_url = reverse("passwords:home")
    location = f"{home_url}?kind={kind}" if kind in domain.RECIPES else home_url
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
