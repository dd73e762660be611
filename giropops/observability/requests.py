"""Watching every request: how long it took, by the name of its route."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from django.conf import settings

from giropops.observability import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class RequestsMiddleware:
    """Counts each answer, and the time that it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the app answer."""
        started = perf_counter()
        response = self._get_response(request)
        metrics.count_request(
            route=route_name(request),
            method=request.method or "",
            status=response.status_code,
            seconds=perf_counter() - started,
        )
        return response


def route_name(request: HttpRequest) -> str:
    """Return the name of the route: one of a few, whatever paths people may try."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"
