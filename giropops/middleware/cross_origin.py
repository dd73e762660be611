"""Protection from requests that pages of other sites make (CSRF), without a token in the form.

The algorithm is that of Go's ``http.CrossOriginProtection`` (Go 1.25). It uses two headers that
pages cannot change: ``Sec-Fetch-Site``, which browsers send to HTTPS and loopback addresses (Fetch
Metadata, section 2.3), and otherwise ``Origin``.
"""

import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import is_same_domain
from django.utils.translation import gettext_lazy as _

from passwords import problems

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE: Final = frozenset({"same-origin", "none"})
# Without a path, and short enough for a log line.
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]{0,19}://[a-z0-9._:\[\]-]{1,261}|null", re.ASCII)

REFUSED: Final = _(
    "This request came from a page of another site. If that site is yours, name it in the setting"
    " CSRF_TRUSTED_ORIGINS."
)

logger = logging.getLogger(__name__)


class CrossOriginMiddleware:
    """Answers 403 to requests from other sites that are not in ``CSRF_TRUSTED_ORIGINS``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        if request.method in _SAFE_METHODS or _is_allowed(request):
            return self._get_response(request)
        origin = request.headers.get("origin", "").lower()
        logger.warning(
            "cross-origin request refused: Origin %s is neither the Host nor in"
            " CSRF_TRUSTED_ORIGINS",
            origin if _ORIGIN.fullmatch(origin) else "(missing or malformed)",
        )
        return problems.respond(request, HTTPStatus.FORBIDDEN, message=REFUSED)


def _is_allowed(request: HttpRequest) -> bool:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "").lower()
    if site in _SAME_SITE or (not site and not origin):  # without both it is not a browser
        return True
    return (not site and _is_host(origin, request.get_host())) or _is_trusted(origin)


def _is_host(origin: str, host: str) -> bool:
    """Compare hosts and ports. Behind a proxy that ends TLS, the scheme is unknown."""
    return _without_default_port(origin.partition("://")[2]) == _without_default_port(host.lower())


def _without_default_port(authority: str) -> str:
    return authority.removesuffix(":80").removesuffix(":443")


def _is_trusted(origin: str) -> bool:
    """Look *origin* up in ``CSRF_TRUSTED_ORIGINS``, which may hold ``https://*.example.com``."""
    scheme, _separator, authority = origin.partition("://")
    for trusted in settings.CSRF_TRUSTED_ORIGINS:
        trusted_scheme, _separator, pattern = trusted.lower().partition("://")
        if scheme == trusted_scheme and is_same_domain(authority, pattern.removeprefix("*")):
            return True
    return False
