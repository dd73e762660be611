"""Liveness and readiness: that the process answers, and whether it can do its job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

LIVENESS_PATH: Final = "/healthz"
READINESS_PATH: Final = "/readyz"


class HealthMiddleware:
    """Answers both paths before anything else can: no Host check, redirect or cookie.

    Liveness touches nothing: a process that lacks a dependency need not be started anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass the request on."""
        if request.path_info == LIVENESS_PATH:
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path_info == READINESS_PATH:
            from giropops.observability import readiness  # noqa: PLC0415  # needs the app registry

            return readiness.answer()
        return self._get_response(request)
