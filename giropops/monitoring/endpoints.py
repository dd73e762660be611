"""The endpoints for operators: liveness, readiness, metrics."""

import hmac
import os
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from giropops.monitoring import dependencies, metrics, metrics_folder
from passwords import history, recents

_METHODS: Final = ("GET", "HEAD")


class OperationsMiddleware:
    """Serves the endpoints before all other middleware: no Host check, redirect, cookie or log.

    With ``METRICS_PORT``, that port serves only the metrics, and the other port does not serve
    them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._metrics_port = str(settings.METRICS_PORT) if settings.METRICS_PORT else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the endpoint of this path, or pass the request on."""
        is_metrics_port = request.META["SERVER_PORT"] == self._metrics_port
        endpoint = ENDPOINTS.get(request.path_info)
        if endpoint is None:
            if is_metrics_port:
                return _plain(HTTPStatus.NOT_FOUND)
            return self._get_response(request)
        if endpoint is show_metrics and self._metrics_port and not is_metrics_port:
            return _plain(HTTPStatus.NOT_FOUND)
        if request.method not in _METHODS:
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": ", ".join(_METHODS)})
        return endpoint(request)


def show_liveness(_request: HttpRequest) -> HttpResponse:
    """Use no dependency: restarting the process does not help when one is missing."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def show_readiness(_request: HttpRequest) -> HttpResponse:
    """Return the status of each store; 503 when one that ``READINESS_REQUIRES`` names fails.

    By default it names none, because the app generates secrets without any store.
    """
    findings = dependencies.check_all()
    failing = {name for name, finding in findings.items() if not finding.is_ok}
    rows_waiting = _rows_waiting()
    if rows_waiting:
        failing.add("database")  # it answers, but did not accept these rows
    differing_keys = recents.differing_keys()
    failing.update(differing_keys)
    is_ready = failing.isdisjoint(settings.READINESS_REQUIRES)
    statuses: dict[str, Any] = {
        name: {"status": finding.status, "milliseconds": round(finding.seconds * 1000, 1)}
        for name, finding in findings.items()
    }
    content = {
        "status": ("degraded" if failing else "ok") if is_ready else "unavailable",
        "dependencies": {**statuses, "redis": statuses.get("redis", {"status": "unused"})},
        "history_rows_waiting": rows_waiting,
        "keys_that_differ": differing_keys,
    }
    return JsonResponse(
        content, status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    )


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics; with ``METRICS_TOKEN``, only to clients that send it."""
    if settings.METRICS_TOKEN:
        expected = f"Bearer {settings.METRICS_TOKEN}".encode()
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            return _plain(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})
    content, content_type = metrics.encode(request.headers.get("Accept", ""))
    return HttpResponse(content, content_type=content_type)


def _rows_waiting() -> int:
    """Return how many history rows wait for the database in all workers."""
    folder = os.environ.get(metrics_folder.VARIABLE)
    return metrics_folder.waiting_rows(Path(folder)) if folder else history.writer.waiting


def _plain(status: HTTPStatus, headers: dict[str, str] | None = None) -> HttpResponse:
    text = f"{status.phrase.lower()}\n"
    return HttpResponse(text, "text/plain; charset=utf-8", status, headers=headers)


ENDPOINTS: Final = {
    "/healthz": show_liveness,
    "/readyz": show_readiness,
    "/metrics": show_metrics,
}
