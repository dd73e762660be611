"""A short way for the API: what only pages need is not done for it.

Sessions, messages, CSRF, redirects to a trailing slash: a call without a session cookie has no use
for any of them, and together they cost as much as the rest of Django. With a session cookie the
call takes the long way, since only there it finds out whose it is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import resolve
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# The API has few addresses, and looking one up tries every route before it.
_resolve = lru_cache(maxsize=64)(resolve)


class ApiShortcutMiddleware:
    """Calls the API's views itself, behind the checks of the Host and of the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer an API call without a session; pass on the rest."""
        if (
            not request.path_info.startswith("/api/")
            or settings.SESSION_COOKIE_NAME in request.COOKIES
        ):
            return self._get_response(request)
        translation.activate(translation.get_language_from_request(request))
        request.get_host()  # raises DisallowedHost, a 400
        match = request.resolver_match = _resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response
