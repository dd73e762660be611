"""The address that a request came from."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the client as our outermost proxy saw it, or ``None``.

    Each of the ``TRUSTED_PROXIES`` appends the address it was asked from to ``X-Forwarded-For``;
    what stands before those entries anybody may have written, so it is not read.
    """
    trusted = settings.TRUSTED_PROXIES
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    found = hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found.strip()))
    except ValueError:
        return None
