"""Who may use an endpoint: the scopes of API tokens, and ``API_REQUIRES_TOKEN``."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from passwords import owners
from passwords.accounts import tokens
from passwords.problems import View, respond

NO_TOKEN = _("The API needs a token here: Authorization: Bearer gps_…")


def needs(*scopes: str) -> Callable[[View], View]:
    """Allow a view to tokens with all *scopes*, and to everybody else unless the API is closed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **route: Any) -> HttpResponseBase:
            token = owners.find_token(request)
            if token and (missing := tokens.missing_scope(token, *scopes)):
                return insufficient_scope(request, missing)
            if token is None and settings.API_REQUIRES_TOKEN and not _is_own_call(request):
                return respond(
                    request,
                    HTTPStatus.UNAUTHORIZED,
                    field="token",
                    message=NO_TOKEN,
                    headers={"WWW-Authenticate": "Bearer"},
                )
            return view(request, **route)

        return guarded

    return decorate


def insufficient_scope(request: HttpRequest, scope: str) -> HttpResponse:
    """Return the response to a request whose token lacks *scope* (RFC 6750, section 3.1)."""
    return respond(
        request,
        HTTPStatus.FORBIDDEN,
        field="token",
        message=gettext("The token lacks the scope %(scope)s.") % {"scope": scope},
        headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
    )


def _is_own_call(request: HttpRequest) -> bool:
    """Return whether a page of this app sent the request for a signed-in user."""
    is_same_origin = request.headers.get("sec-fetch-site") == "same-origin"
    return is_same_origin and owners.signed_in_owner(request) is not None
