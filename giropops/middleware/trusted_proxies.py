"""Headers that only a proxy of ``TRUSTED_PROXY_ADDRESSES`` may set."""

import logging
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from passwords.accounts import remote_users
from passwords.client_address import parse

_FORWARDED: Final = "HTTP_X_FORWARDED_"
_LOG_SECONDS: Final = 60.0

logger = logging.getLogger(__name__)


class TrustedProxiesMiddleware:
    """Removes ``X-Forwarded-*`` and the headers of a signed-in user from all other requests.

    It compares the address at the other end of the connection. It is the first middleware, so that
    nothing has read the headers before. Without ``TRUSTED_PROXY_ADDRESSES`` it is not used.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.TRUSTED_PROXY_ADDRESSES:
            raise MiddlewareNotUsed
        self._get_response = get_response
        self._user = remote_users.meta_key(settings.REMOTE_USER_HEADER)
        self._groups = remote_users.meta_key(settings.REMOTE_GROUPS_HEADER)
        self._silent_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Remove the headers, and pass the request on."""
        meta = request.META
        if not _is_trusted(meta.get("REMOTE_ADDR", "")):
            forged = [
                key
                for key in meta
                if key.startswith(_FORWARDED) or key in {self._user, self._groups}
            ]
            for key in forged:
                del meta[key]
            if forged:
                self._warn(request)
        elif not meta.get(self._user, "").strip():  # the proxy let an anonymous visitor pass
            meta.pop(self._user, None)
        return self._get_response(request)

    def _warn(self, request: HttpRequest) -> None:
        """Log once a minute, without the client's text: a proxy may be missing in the setting."""
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + _LOG_SECONDS
            logger.warning(
                "headers of a proxy ignored: %s is not in TRUSTED_PROXY_ADDRESSES",
                parse(request.META.get("REMOTE_ADDR", "")) or "the sender",
            )


def _is_trusted(peer: str) -> bool:
    """Return whether the address is in one of the networks; a Unix socket has none."""
    address = parse(peer)
    return address is not None and any(
        address in network for network in settings.TRUSTED_PROXY_ADDRESSES
    )
