"""What every answer carries, what no request may exceed, and what no error report shows."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from passwords import problems

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView
    from types import TracebackType

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A cache must not keep what it was not told to: pages hold secrets, static files say otherwise.
    "Cache-Control": "no-store",
}

_PRIVATE_META: Final = frozenset({"HTTP_COOKIE", "HTTP_AUTHORIZATION", "QUERY_STRING", "RAW_URI"})


class HeadersMiddleware:
    """Adds the security headers to every answer, error pages and static files included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the app answer, and add what it did not say itself."""
        response = self._get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class BodyLimitMiddleware:
    """Refuses bodies over ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes, and those of unknown length.

    Django reads as much as ``Content-Length`` says: of a chunked body nothing. What is refused is
    not read: the client may take its time with it, and that is the worker's to wait for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        if "Transfer-Encoding" in request.headers:
            return problems.respond(request, HTTPStatus.LENGTH_REQUIRED)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _content_length(request) > limit:
            return problems.respond(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self._get_response(request)


class SilentReporter(ExceptionReporter):
    """Names the exception and the places in the code, and keeps the exception's text to itself."""

    def get_traceback_data(self) -> dict[str, Any]:
        """Return what the page shows, without what the exceptions say."""
        data = super().get_traceback_data()
        for name in ("exception_value", "exception_notes", "unicode_hint"):
            data.pop(name, None)
        data["request_GET_items"] = ()
        data["request_insecure_uri"] = str(data.get("request_insecure_uri", "")).partition("?")[0]
        if data.get("template_info"):
            data["template_info"]["message"] = ""
        for frame in data.get("frames", ()):
            frame["exc_cause"] = frame["exc_cause"] and type(frame["exc_cause"]).__name__
        return data


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Shows neither the local variables of a frame nor a posted value: each may be a secret."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:  # noqa: ARG002  # Django's signature
        """Return no posted value."""
        return {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG002  # Django's signature
        """Return no cookie."""
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the request says of itself, without its cookies, credentials and query."""
        meta = super().get_safe_request_meta(request)
        return {name: value for name, value in meta.items() if name not in _PRIVATE_META}

    def get_traceback_frame_variables(
        self,
        request: HttpRequest | None,  # noqa: ARG002  # Django's signature
        tb_frame: TracebackType,  # noqa: ARG002  # Django's signature
    ) -> ItemsView[str, Any]:
        """Return no variable."""
        return dict[str, Any]().items()


def _content_length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length", 0))
    except ValueError:
        return 0
