"""Rate limits: counted in Redis for all processes, or without Redis in each process.

``RATE_LIMIT`` is off by default, since all students of a class may share an address. Attempts to
sign in always have a limit. The address is counted first; if it is over its limit, nothing else is
counted. `ApiTokenMiddleware` counts API tokens. Redis stores keyed hashes, no addresses or owners.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from giropops.conf.environment import Rate
from passwords import owners, problems
from passwords.client_address import counted_address
from passwords.recents import ProcessCounter, RecentsUnavailableError, open_store

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_HOME: Final = "/"
_ADMIN: Final = "/admin/"
_SIGN_IN_PATH: Final = "/admin/login/"

SIGN_IN_RATE: Final = Rate(count=30, seconds=60)
"""Attempts from one address, successful ones included."""


class RateLimitMiddleware:
    """Limits each address, and each anonymous owner whose cookie has a valid signature."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 429 with ``Retry-After``, or pass the request on."""
        return refuse(request, _address_and_cookie(request)) or self._get_response(request)


class UserRateLimitMiddleware:
    """Limits each signed-in user, from any address; runs after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 429 with ``Retry-After``, or pass the request on."""
        return refuse(request, _user(request)) or self._get_response(request)


def limit_of(request: HttpRequest) -> tuple[str, Rate] | None:
    """Return the name and the rate of the limit for *request*, if any.

    Sign-in has its own limit. ``RATE_LIMIT`` applies to every other request that draws a secret or
    may change something, except in the admin, where only signed-in users can change anything.
    """
    draws = request.method == "GET" and request.path_info == _HOME
    if request.method in _SAFE_METHODS and not draws:
        return None
    if request.path_info == _SIGN_IN_PATH:
        return "sign-in", SIGN_IN_RATE
    if settings.RATE_LIMIT is None or request.path_info.startswith(_ADMIN):
        return None
    return "change", settings.RATE_LIMIT


def refuse(request: HttpRequest, names: Iterable[str]) -> HttpResponseBase | None:
    """Count *request* for each of *names*; return a 429 response if one is over the limit."""
    limit = limit_of(request)
    if limit is None:
        return None
    scope, rate = limit
    for name in names:
        if wait := _count(f"{scope} {name}", rate):
            return problems.respond(
                request, HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)}
            )
    return None


def _address_and_cookie(request: HttpRequest) -> Iterator[str]:
    yield f"address {counted_address(request)}"
    if owner := owners.anonymous_owner(request):
        yield f"owner {owner.key}"


def _user(request: HttpRequest) -> Iterator[str]:
    try:
        owner = owners.signed_in_owner(request)
    except owners.OwnerUnknownError:  # the database is down; the address is counted already
        return
    if owner:
        yield f"owner {owner.key}"


def _count(name: str, rate: Rate) -> int:
    """Count one request for *name*; return how many seconds to wait, 0 for none."""
    now = time.time()
    window = int(now // rate.seconds)
    text = f"{name} {rate.seconds} {window}"
    key = salted_hmac("giropops.rate_limit", text, algorithm="sha256").hexdigest()
    if _add(key, rate.seconds) <= rate.count:
        return 0
    return max(1, math.ceil((window + 1) * rate.seconds - now))


def _add(key: str, seconds: int) -> int:
    try:
        return open_store().count(key, seconds)
    except RecentsUnavailableError:
        return _process_counter.count(key)  # each process counts until Redis is back


_process_counter: Final = ProcessCounter()
