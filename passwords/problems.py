"""Error responses: JSON for the API, pages for browsers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from passwords import sharing
from passwords.sharing import BusyError, ShareError, WrongProofError
from passwords.signals import database_failed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

_API_PREFIX: Final = "/api/"

MESSAGES: Final = {
    HTTPStatus.BAD_REQUEST: _("The request could not be understood."),
    HTTPStatus.FORBIDDEN: _("You may not do this."),
    HTTPStatus.NOT_FOUND: _("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: _("This address does not accept this method."),
    HTTPStatus.LENGTH_REQUIRED: _("The request must have a Content-Length header."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("The request is too large: 64 KiB are allowed."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("Send JSON, with Content-Type: application/json."),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests: wait a moment."),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong on our side."),
    HTTPStatus.SERVICE_UNAVAILABLE: _("The recent secrets cannot be reached at the moment."),
}

DATABASE_AWAY: Final = _("The database cannot be reached at the moment.")
HASHING: Final = _("The server is hashing another secret: try again in a moment.")
DRAFT_GONE: Final = _(
    "This secret was shown too long ago: it can no longer be added to your recent secrets. Generate"
    " another one."
)
ITEM_GONE: Final = _("This secret is not among your recent secrets: it may have expired.")
ORIGIN_NOT_TRUSTED: Final = _(
    "This form came from an address that is not one of the app's. Behind a proxy that ends"
    " TLS, set TRUSTED_PROXIES; otherwise name the address in CSRF_TRUSTED_ORIGINS."
)
SHARE_PROBLEMS: Final[dict[type[ShareError], tuple[HTTPStatus, str, StrOrPromise]]] = {
    sharing.NotAllowedError: (
        HTTPStatus.FORBIDDEN,
        "request",
        _("Making one-time links is not allowed here, or only after signing in."),
    ),
    sharing.IdTakenError: (HTTPStatus.CONFLICT, "id", _("There is a link with this id already.")),
    sharing.TooManyLinksError: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "request",
        _("There are too many live links: revoke some, or wait until they are opened."),
    ),
    sharing.GoneError: (
        HTTPStatus.NOT_FOUND,
        "id",
        _("There is no such link, or it was opened, has expired, was revoked or locked."),
    ),
    sharing.PassphraseNeededError: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "passphrase",
        _("This link has a passphrase: ask its sender."),
    ),
    sharing.PassphraseTooLongError: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "passphrase",
        _("The passphrase is too long: use a browser with JavaScript over HTTPS."),
    ),
    sharing.InvalidLinkError: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "link",
        _("This is not a whole link: copy it again, to its end."),
    ),
    sharing.UnsealError: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "link",
        _("What this link holds cannot be read: tell its sender."),
    ),
    sharing.BusyError: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "request",
        _("The server is checking another passphrase: try again in a moment."),
    ),
    sharing.NoAesError: (
        HTTPStatus.NOT_IMPLEMENTED,
        "request",
        _("The processor of this server lacks AES: use a browser with JavaScript over HTTPS."),
    ),
}
"""Status, field and message for each reason; a wrong proof also needs the attempts left."""
NO_COOKIE: Final = _(
    "Your browser did not send the cookie that belongs to this form. Allow cookies for this site."
    " With HTTPS=true, browsers keep cookies only at an https:// address."
)
TOKEN_OUTDATED: Final = _(
    "This form is no longer valid. Open the page again and send it once more."
)

# The start of one of the reasons that Django's CSRF check gives.
_BAD_ORIGIN: Final = REASON_BAD_ORIGIN.partition("%")[0]

# A view function with any parameters from its route.
View = Callable[..., HttpResponseBase]


def errors_response(
    status: HTTPStatus,
    errors: Mapping[str, Sequence[str]],
    *,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return an error of the API: the messages of each field."""
    return JsonResponse({"errors": errors}, status=status, headers=headers)


def respond(
    request: HttpRequest,
    status: HTTPStatus,
    *,
    field: str = "request",
    message: StrOrPromise | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return an error response: JSON for the API, otherwise a page."""
    message = str(message or MESSAGES[status])
    if request.path_info.startswith(_API_PREFIX):
        return errors_response(status, {field: [message]}, headers=headers)
    page = render_to_string(
        "passwords/problem.html", {"status": status.value, "message": message}, request=request
    )
    return HttpResponse(page, status=status, headers=headers)


def busy(request: HttpRequest) -> HttpResponse:
    """Return the error response while the server is hashing for somebody else."""
    headers = {"Retry-After": "1"}
    return respond(
        request, HTTPStatus.TOO_MANY_REQUESTS, field="request", message=HASHING, headers=headers
    )


def share_problem(request: HttpRequest, error: ShareError) -> HttpResponse:
    """Return the error response for a link that is not made or not opened."""
    status, field, message = SHARE_PROBLEMS[type(error)]
    headers = {"Retry-After": "1"} if isinstance(error, BusyError) else None
    return respond(request, status, field=field, message=message, headers=headers)


def wrong_proof_text(error: WrongProofError) -> str:
    """Return the message for a wrong key or passphrase."""
    return ngettext(
        "The key or the passphrase is wrong; %(left)d attempt is left.",
        "The key or the passphrase is wrong; %(left)d attempts are left.",
        error.attempts_left,
    ) % {"left": error.attempts_left}


def allow(*methods: str) -> Callable[[View], View]:
    """Allow only *methods* and OPTIONS for a view; others get 405 with ``Allow``."""
    allowed = ", ".join([*methods, "OPTIONS"])

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **route: Any) -> HttpResponseBase:
            if request.method in methods:
                return view(request, **route)
            if request.method == "OPTIONS":
                return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": allowed})
            return respond(request, HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": allowed})

        return guarded

    return decorate


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer requests that Django refuses, such as an unknown Host or a malformed body."""
    return respond(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer 403."""
    return respond(request, HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form of the admin that Django's CSRF check refused, with the reason."""
    if reason.startswith(_BAD_ORIGIN):
        message = ORIGIN_NOT_TRUSTED
    elif reason == REASON_NO_CSRF_COOKIE:
        message = NO_COOKIE
    else:
        message = TOKEN_OUTDATED
    return respond(request, HTTPStatus.FORBIDDEN, message=message)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer 404."""
    return respond(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a page without context, as the context may fail again.

    If the database is down, answer 503.
    """
    error = sys.exc_info()[1]  # Django calls this while it handles the exception
    if isinstance(error, (OperationalError, InterfaceError)):
        database_failed.send(sender=HttpResponse, error=type(error).__name__)
        request.COOKIES.clear()  # else the page would read the session from the database
        return respond(
            request, HTTPStatus.SERVICE_UNAVAILABLE, field="database", message=DATABASE_AWAY
        )
    if request.path_info.startswith(_API_PREFIX):
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return errors_response(status, {"request": [str(MESSAGES[status])]})
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
