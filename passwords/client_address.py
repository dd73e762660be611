"""The client's address, for records and for rate limits."""

import ipaddress
import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest

# A subscriber has at least a /64 (RFC 6177), and can use a new address for each request.
_SUBSCRIBER_PREFIX: Final = 64
# Some proxies write "address:port", with brackets around an IPv6 address (RFC 7239, section 6).
_WITH_PORT: Final = re.compile(
    r"\[(?P<bracketed>[^\]]*)\](:\d{1,5})?|(?P<plain>[\d.]+):\d{1,5}", re.ASCII
)


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address as the outermost trusted proxy saw it, or ``None``.

    Each of the ``TRUSTED_PROXIES`` appends the address of its peer to ``X-Forwarded-For``. Entries
    before those may be forged, so they are not read. With ``TRUSTED_PROXY_ADDRESSES``,
    `TrustedProxiesMiddleware` has removed the header of anybody else.
    """
    address = _find(request)
    return None if address is None else str(address)


def counted_address(request: HttpRequest) -> str | None:
    """Return the address for rate limits: for IPv6 the first address of its /64."""
    address = _find(request)
    if isinstance(address, ipaddress.IPv6Address):
        network = ipaddress.IPv6Network((address, _SUBSCRIBER_PREFIX), strict=False)
        return str(network.network_address)
    return None if address is None else str(address)


def _find(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    trusted = settings.TRUSTED_PROXIES
    hops = request.headers.get("x-forwarded-for", "").split(",")
    found = hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
    return parse(found.strip())


def parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that *text* holds, also with a port; an IPv4 address also if mapped."""
    if match := _WITH_PORT.fullmatch(text):
        text = match["bracketed"] or match["plain"] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])  # without the zone (RFC 4007)
    except ValueError:
        return None
    # A socket for both protocols maps IPv4 addresses to IPv6, all of them into one /64.
    return getattr(address, "ipv4_mapped", None) or address
