"""The page: a form for each kind of secret, the result, and the owner's recent secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render

from passwords import forms, owners, selectors, services
from passwords.models import Surface
from passwords.problems import allow
from passwords.recents import RecentsUnavailableError

if TYPE_CHECKING:
    from django.http import HttpRequest


@allow("GET", "HEAD", "POST")
def home(request: HttpRequest) -> HttpResponse:
    """Show the page; on ``POST``, with a new secret."""
    owner = owners.find_or_make_owner(request)
    result = None
    if request.method == "POST":
        wanted = forms.read(forms.from_post(request.POST.dict()), max_count=1)
        result = services.generate(recipe=wanted.recipe, owner=owner, surface=Surface.WEB).secrets[
            0
        ]
    try:
        recents = selectors.recents(owner)
    except RecentsUnavailableError:
        recents = []
    response = render(request, "passwords/home.html", {"result": result, "recents": recents})
    owners.remember_owner(response, owner)
    return response


@allow("POST")
def forget(request: HttpRequest) -> HttpResponse:
    """Forget one recent secret."""
    return redirect("passwords:home")


@allow("POST")
def clear(request: HttpRequest) -> HttpResponse:
    """Forget all recent secrets."""
    return redirect("passwords:home")
