"""Error reports that show no secret: no local variable, posted value, cookie or exception text."""

from collections.abc import ItemsView
from types import TracebackType
from typing import Any, Final

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

# The parts of a request that a report shows. All others may hold a cookie, a credential or a query,
# such as CSRF_COOKIE, HTTP_REFERER, RAW_URI and headers that a proxy adds.
_SHOWN_META: Final = frozenset(
    {
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_HOST",
        "HTTP_ORIGIN",
        "HTTP_SEC_FETCH_SITE",
        "HTTP_USER_AGENT",
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "PATH_INFO",
        "REMOTE_ADDR",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
    }
)


class SilentReporter(ExceptionReporter):
    """Shows the type of the exception and the places in the code, but not the exception's text."""

    def get_traceback_data(self) -> dict[str, Any]:
        """Return the data of the page without texts of exceptions."""
        data = super().get_traceback_data()
        for name in ("exception_value", "exception_notes", "unicode_hint"):
            data.pop(name, None)
        data["request_GET_items"] = data["request_FILES_items"] = ()
        data["request_insecure_uri"] = str(data.get("request_insecure_uri", "")).partition("?")[0]
        if data.get("template_info"):
            data["template_info"]["message"] = ""
        for frame in data.get("frames", ()):
            frame["exc_cause"] = frame["exc_cause"] and type(frame["exc_cause"]).__name__
        return data


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Hides local variables and posted values: each may be a secret."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:  # noqa: ARG002  # Django's signature
        """Return no posted value."""
        return {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG002  # Django's signature
        """Return no cookie."""
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        """Return the parts of the request that are known to be harmless."""
        meta = super().get_safe_request_meta(request)
        return {name: value for name, value in meta.items() if name in _SHOWN_META}

    def get_traceback_frame_variables(
        self,
        request: HttpRequest | None,  # noqa: ARG002  # Django's signature
        tb_frame: TracebackType,  # noqa: ARG002  # Django's signature
    ) -> ItemsView[str, Any]:
        """Return no variable."""
        return dict[str, Any]().items()
