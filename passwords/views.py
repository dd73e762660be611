"""The page: a form for each kind of secret, the result, and the owner's recent secrets."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from passwords import domain, forms, owners, presentation, selectors, services
from passwords.models import Kind, Surface
from passwords.problems import allow, respond
from passwords.recents import RecentsUnavailableError, new_item_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from passwords.recents import Owner, RecentItem

_REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@allow("GET", "HEAD", "POST")
def home(request: HttpRequest) -> HttpResponse:
    """Show the page; on ``POST``, with a new secret."""
    if request.method == "POST":
        return _generate(request)
    form = presentation.empty_form(request.GET.get("kind"))
    return _page(request, form=form, recents=_recents(request))


@allow("POST")
def forget(request: HttpRequest) -> HttpResponse:
    """Forget one recent secret."""
    owner = owners.find_or_make_owner(request)
    try:
        services.forget(owner=owner, item_id=request.POST.get("item", ""))
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE)
    return _see_home(request)


@allow("POST")
def clear(request: HttpRequest) -> HttpResponse:
    """Forget all recent secrets."""
    try:
        services.forget_all(owner=owners.find_or_make_owner(request))
    except RecentsUnavailableError:
        return respond(request, HTTPStatus.SERVICE_UNAVAILABLE)
    return _see_home(request)


def _generate(request: HttpRequest) -> HttpResponse:
    """Draw a secret, or show once more the one that this very request has drawn before."""
    post = request.POST.dict()
    owner = owners.find_or_make_owner(request)
    recents = _recents(request, owner)
    try:
        wanted = forms.read_page(post)
    except forms.InvalidRequestError as error:
        form = presentation.posted_form(post, error.errors)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, form=form, recents=recents, status=status)
    request_id = _request_id(post)
    result = next((item for item in recents or () if item.item_id == request_id), None)
    if result is None:
        generated = services.generate(
            recipe=wanted.recipe,
            policy=wanted.policy,
            owner=owner,
            surface=Surface.WEB,
            item_id=request_id,
            client_address=owners.client_address(request),
        )
        result = generated.secrets[0]
        recents = (
            [result, *(recents or ())][: settings.RECENTS_LIMIT] if generated.recents_kept else None
        )
    policy = wanted.policy
    form = (
        presentation.recipe_form(policy.kind, policy.parameters)
        if policy
        else presentation.posted_form(post)
    )
    response = _page(request, form=form, recents=recents, result=result, policy=policy)
    owners.remember_owner(response, owner)
    return response


def _page(
    request: HttpRequest,
    *,
    form: presentation.RecipeForm,
    recents: Sequence[RecentItem] | None,
    status: HTTPStatus = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    content = {
        "form": form,
        "kinds": Kind.choices,
        "policies": selectors.active_policies(),
        "recents": recents,
        "request_id": new_item_id(),
        "shared": settings.RECENTS_SCOPE == "shared",
        **context,
    }
    return render(request, "passwords/home.html", content, status=status)


def _recents(request: HttpRequest, owner: Owner | None = None) -> list[RecentItem] | None:
    """Return the visitor's recents; none for a stranger, and ``None`` while the store is away."""
    owner = owner or owners.find_owner(request)
    if owner is None:
        if settings.RECENTS_SCOPE == "owner":
            return []
        owner = owners.find_or_make_owner(request)
    try:
        return selectors.recents(owner)
    except RecentsUnavailableError:
        return None


def _request_id(post: dict[str, str]) -> str | None:
    """Return the id that the form gave to this request, if it is one."""
    request_id = post.get("request_id", "")
    return request_id if _REQUEST_ID.fullmatch(request_id) else None


def _see_home(request: HttpRequest) -> HttpResponse:
    """Send the browser to the page, which it then asks for anew (RFC 9110, section 15.4.4)."""
    kind = request.POST.get("kind", "")
    home_url = reverse("passwords:home")
    location = f"{home_url}?kind={kind}" if kind in domain.RECIPES else home_url
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
