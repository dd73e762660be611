"""The addresses for those who run the app: liveness, readiness, metrics."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse

from giropops.monitoring import metrics, readiness

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

_PLAIN: Final = "text/plain; charset=utf-8"
_METHODS: Final = ("GET", "HEAD")


class OperationsMiddleware:
    """Answers them before anything else can: no Host check, redirect, cookie or log line.

    With ``METRICS_PORT``, that port answers nothing else, and the other one has no metrics.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._own_port = str(settings.METRICS_PORT) if settings.METRICS_PORT else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass the request on."""
        is_own_port = self._own_port is not None and request.META["SERVER_PORT"] == self._own_port
        endpoint = ENDPOINTS.get(request.path_info)
        if endpoint is None:
            return _nothing_here() if is_own_port else self._get_response(request)
        if endpoint is show_metrics and self._own_port and not is_own_port:
            return _nothing_here()
        if request.method not in _METHODS:
            return _only_read()
        return endpoint(request)


def say_alive(_request: HttpRequest) -> HttpResponse:
    """Touch nothing: a process that lacks a dependency need not be started anew."""
    return HttpResponse("ok\n", content_type=_PLAIN)


def say_ready(_request: HttpRequest) -> HttpResponse:
    """Say how each dependency is."""
    return readiness.answer()


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Tell the metrics to whoever has the token, if there is one."""
    if settings.METRICS_TOKEN:
        expected = f"Bearer {settings.METRICS_TOKEN}".encode()
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            return HttpResponse(
                "unauthorized\n",
                status=HTTPStatus.UNAUTHORIZED,
                content_type=_PLAIN,
                headers={"WWW-Authenticate": "Bearer"},
            )
    content, content_type = metrics.answer_to(request.headers.get("Accept", ""))
    return HttpResponse(content, content_type=content_type)


def _only_read() -> HttpResponse:
    return HttpResponse(
        "method not allowed\n",
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        content_type=_PLAIN,
        headers={"Allow": ", ".join(_METHODS)},
    )


def _nothing_here() -> HttpResponse:
    return HttpResponse("not found\n", status=HTTPStatus.NOT_FOUND, content_type=_PLAIN)


ENDPOINTS: Final = {
    "/healthz": say_alive,
    "/readyz": say_ready,
    "/metrics": show_metrics,
}
