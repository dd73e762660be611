"""How often somebody may ask: counted in Redis for all processes together, else in this one.

``RATE_LIMIT`` is for the doors that draw, and off by default: a class that measures comes from one
address. At the sign-in there is always a limit. Asked for are the owner behind the cookie and the
address of the client; neither is in Redis, but a keyed hash of it.
"""

from __future__ import annotations

import math
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac

from giropops.rates import Rate
from passwords import owners, problems
from passwords.client_address import client_address
from passwords.recents import ProcessCounter, RecentsUnavailableError, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SIGN_IN_RATE: Final = Rate(count=30, seconds=60)
"""Attempts from one address, whether they succeed or not."""
_DRAWING_PATHS: Final = frozenset({"/", "/api/gerar-senha", "/api/v1/secrets"})
_SIGN_IN_PATH: Final = "/admin/login/"


class RateLimitMiddleware:
    """Answers 429 with ``Retry-After`` to whoever asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        if request.method == "POST" and (wait := _seconds_to_wait(request)):
            translation.activate(translation.get_language_from_request(request))
            return problems.respond(
                request, HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait)}
            )
        return self._get_response(request)


def _seconds_to_wait(request: HttpRequest) -> int:
    path = request.path_info
    if path == _SIGN_IN_PATH:
        return _count(SIGN_IN_RATE, [f"sign-in {client_address(request)}"])
    rate: Rate | None = settings.RATE_LIMIT
    if rate is None or path not in _DRAWING_PATHS:
        return 0
    return _count(rate, list(_who(request)))


def _who(request: HttpRequest) -> Iterator[str]:
    yield f"address {client_address(request)}"
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if session:
        yield f"session {session}"
    elif owner := owners.find_owner(request):
        yield f"owner {owner.key}"


def _count(rate: Rate, names: Sequence[str]) -> int:
    """Count one request for each of *names*; return how many seconds to wait, 0 for none."""
    now = time.time()
    window = int(now // rate.seconds)
    keys = [
        salted_hmac("giropops.limits", f"{name} {window}", algorithm="sha256").hexdigest()
        for name in names
    ]
    if max(_counts(keys, rate.seconds)) <= rate.count:
        return 0
    return max(1, math.ceil((window + 1) * rate.seconds - now))


def _counts(keys: Sequence[str], seconds: int) -> Sequence[int]:
    try:
        return open_store().count(keys, seconds)
    except RecentsUnavailableError:
        return _here.count(keys)  # each process counts for itself until Redis is back


_here: Final = ProcessCounter()
