"""Sign in the user whom a trusted proxy names (``REMOTE_USER_HEADER``)."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from passwords import problems
from passwords.accounts import remote_users

_API: Final = "/api/"

REFUSED: Final = _(
    "Your sign-in cannot be used here. Ask the people who run this app: its log says why."
)

logger = logging.getLogger(__name__)


class RemoteUserMiddleware(middleware.RemoteUserMiddleware):
    """Django's middleware, with the header from the settings, and with groups.

    As in Django, a session ends when the header is missing or names somebody else. A request to
    the API without a session is signed in for itself: clients without cookies would leave a
    session and a row of the audit at each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        if not settings.REMOTE_USER_HEADER:
            raise MiddlewareNotUsed
        super().__init__(get_response)
        self.header = remote_users.meta_key(settings.REMOTE_USER_HEADER)  # type: ignore[misc]  # known only here

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Sign in, and pass the request on; answer 403 if the account is not for this sign-in."""
        try:
            self._sign_in(request)
        except remote_users.RefusedError as error:
            # As text: of an exception, the log has only the class.
            logger.warning("sign-in through the proxy refused: %s", str(error))
            return problems.respond(request, HTTPStatus.FORBIDDEN, message=REFUSED)
        except (OperationalError, InterfaceError) as error:
            # Drawing needs no database. What needs the user raises the error again.
            request.user = _unknown_user(error)
        return self.get_response(request)  # type: ignore[return-value]  # no Awaitable under WSGI

    def _sign_in(self, request: HttpRequest) -> None:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if request.path_info.startswith(_API) and not has_session:
            user = auth.authenticate(request, remote_user=request.META[self.header])
            request.user = user or AnonymousUser()
            is_remote = user is not None
        else:
            self.process_request(request)
            is_remote = _is_remote(request)
        given = remote_users.rights(request)
        # Compared with the account, not with the session: the user may have another session.
        if given is not None and is_remote:
            remote_users.grant(request, request.user, given)  # type: ignore[arg-type]  # signed in


def _is_remote(request: HttpRequest) -> bool:
    """Return whether the proxy signed the user in, and not a password."""
    is_signed_in = request.user.is_authenticated
    return is_signed_in and request.session[auth.BACKEND_SESSION_KEY] == remote_users.BACKEND


def _unknown_user(error: Exception) -> Any:
    def fail() -> None:
        raise error

    return SimpleLazyObject(fail)
