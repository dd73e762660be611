"""The names that the app answers to: those of ``ALLOWED_HOSTS``, or those of a local network.

A public name can be made to lead to a private address (DNS rebinding), which is why a Host is
checked at all. An address, a name without a dot and a name under a suffix that no public DNS has
cannot be such a name.
"""

import ipaddress
import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from passwords import problems

# RFC 6761 (localhost), RFC 6762 (local), ICANN's reservation of 2024 (internal), Kubernetes.
_LOCAL_SUFFIXES: Final = (".localhost", ".local", ".internal", ".svc", ".cluster.local")
# What Django takes, and names with an underscore, which it does not.
_WELL_FORMED: Final = re.compile(r"[\w.:\[\]-]{1,261}", re.ASCII)
_LOG_SECONDS: Final = 60.0

NOT_ALLOWED: Final = _(
    "This app does not answer to the host %(host)s. If that is its address, name it in the setting"
    " ALLOWED_HOSTS."
)
NO_HOST_NAME: Final = _("The host %(host)s is not a valid name.")

logger = logging.getLogger(__name__)


class HostsMiddleware:
    """Answers 400 to requests for another Host, and names it; logs one line a minute at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._silent_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        try:
            host = request.get_host()  # Django checks it against ALLOWED_HOSTS
        except DisallowedHost:
            return self._refuse(request)
        if settings.ONLY_LOCAL_HOSTS and not is_local(host):
            return self._refuse(request)
        return self._get_response(request)

    def _refuse(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("Host", "")
        host = given if _WELL_FORMED.fullmatch(given) else "(malformed)"
        is_name, _port = split_domain_port(host)
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + _LOG_SECONDS
            reason = "it is not in ALLOWED_HOSTS" if is_name else "it is not a valid name"
            logger.warning("Host %s refused: %s", host, reason)
        with translation.override(translation.get_language_from_request(request)):
            message = (NOT_ALLOWED if is_name else NO_HOST_NAME) % {"host": host}
            return problems.respond(request, HTTPStatus.BAD_REQUEST, message=message)


def is_local(host: str) -> bool:
    """Say whether *host*, with or without a port, is no name of the public DNS, or is ``HOST``."""
    name, _port = split_domain_port(host)
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        own = settings.HOST.lower().rstrip(".")
        return "." not in name or name.endswith(_LOCAL_SUFFIXES) or name == own
    return True
