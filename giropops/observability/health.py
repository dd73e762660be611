"""Liveness: the process answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class LivenessMiddleware:
    """Answers ``/healthz`` before anything else can: no Host check, redirect, cookie or store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass the request on."""
        if request.path_info == "/healthz":
            return HttpResponse(
                "ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"}
            )
        return self._get_response(request)
