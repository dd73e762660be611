"""Who may use an endpoint: the scopes of API tokens, and ``API_REQUIRES_TOKEN``."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from passwords import owners, validation
from passwords.accounts import tokens
from passwords.problems import View, respond
from passwords.validation import InvalidRequestError

# The slugs that the table of policies allows; they also fit into a header.
_SLUG: Final = re.compile(r"[-a-zA-Z0-9_]{1,50}", re.ASCII)

NO_TOKEN = _("The API needs a token here: Authorization: Bearer gps_…")


def needs(*scopes: str) -> Callable[[View], View]:
    """Allow a view to tokens with all *scopes*, and to everybody else unless the API is closed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **route: Any) -> HttpResponseBase:
            token = owners.find_token(request)
            if token and (missing := tokens.missing_scope(token, *scopes)):
                return _insufficient_scope(request, missing)
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


def refuse_drawing(request: HttpRequest, content: Mapping[str, Any]) -> HttpResponse | None:
    """Return the refusal if the token of the request may not draw what *content* describes.

    No policy is looked up, so that a token does not learn which names exist.

    Raises:
        InvalidRequestError: the policy has a name that no policy can have.
    """
    token = owners.find_token(request)
    if token is None:
        return None
    slug = content.get("policy")
    if slug is not None and not (isinstance(slug, str) and _SLUG.fullmatch(slug)):
        raise InvalidRequestError("policy", gettext(validation.NO_SUCH_POLICY))
    missing = tokens.missing_drawing_scope(token, slug)
    if missing is None and "share" in content:
        missing = tokens.missing_scope(token, tokens.CREATE_SHARES)
    return _insufficient_scope(request, missing) if missing else None


def _insufficient_scope(request: HttpRequest, scope: str) -> HttpResponse:
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
