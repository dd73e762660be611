"""Authenticate requests to the API that have a token: ``Authorization: Bearer gps_…``."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from giropops.middleware import rate_limit
from passwords import owners, problems
from passwords.accounts import remote_users, tokens

_API: Final = "/api/"

INVALID: Final = _("The token is unknown, expired or revoked, or its user is not active.")


class ApiTokenMiddleware:
    """Answers 401 to an invalid token, and limits the rate of each token.

    A request with a valid token goes on without its cookies and without the user whom a proxy
    names, so that it needs no session and belongs to the token's user only. What the token may do
    is decided in ``passwords.api.access``. Where a trusted proxy names a user, a Bearer token that
    is none of ours is the proxy's own, and ignored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    @sensitive_variables("text")
    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        scheme, _separator, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not request.path_info.startswith(_API):
            return self._get_response(request)
        text = text.strip(" ")
        if remote_users.is_named(request) and not text.startswith(tokens.PREFIX):
            return self._get_response(request)
        token = tokens.authenticate(text)
        if token is None:
            return problems.respond(
                request,
                HTTPStatus.UNAUTHORIZED,
                field="token",
                message=INVALID,
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        if refusal := rate_limit.refuse(request, [f"token {token.pk}"]):
            return refusal
        request.COOKIES.clear()
        remote_users.forget(request)
        owners.set_token(request, token)
        return self._get_response(request)
