"""The client's address: as recorded, and as counted by limits."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

# One subscriber has a /64 or more (RFC 6177), and may use a new address of it for each request.
_SUBSCRIBER_PREFIX: Final = 64
# Some proxies write "address:port", with brackets around an IPv6 address (RFC 7239, section 6).
_WITH_PORT: Final = re.compile(
    r"\[(?P<bracketed>[^\]]*)\](:\d{1,5})?|(?P<plain>[\d.]+):\d{1,5}", re.ASCII
)


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the client as our outermost proxy saw it, or ``None``.

    Each of the ``TRUSTED_PROXIES`` appends the address of its peer to ``X-Forwarded-For``. What
    stands before those entries may be forged, so it is not read.
    """
    address = _find(request)
    return None if address is None else str(address)


def counted_address(request: HttpRequest) -> str | None:
    """Return the address that limits count: of an IPv6 client the first one of its /64."""
    address = _find(request)
    if isinstance(address, ipaddress.IPv6Address):
        network = ipaddress.IPv6Network((address, _SUBSCRIBER_PREFIX), strict=False)
        return str(network.network_address)
    return None if address is None else str(address)


def _find(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    trusted = settings.TRUSTED_PROXIES
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    found = hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
    return _parse(found.strip())


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if match := _WITH_PORT.fullmatch(text):
        text = match["bracketed"] or match["plain"] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])  # without the zone (RFC 4007)
    except ValueError:
        return None
    # A socket for both protocols names IPv4 clients so; all of them are in one /64.
    return getattr(address, "ipv4_mapped", None) or address
