"""Apply the middleware that only the admin and signed-in visitors need."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from passwords import owners

_ADMIN: Final = "/admin/"


def needs_session(request: HttpRequest) -> bool:
    """Return whether the request is for the admin, or may come from a signed-in visitor."""
    return request.path_info.startswith(_ADMIN) or owners.may_be_signed_in(request)


class SignedInMiddleware:
    """Applies ``SIGNED_IN_MIDDLEWARE`` only to requests that need a session.

    It builds the stack like Django from ``MIDDLEWARE`` (``BaseHandler.load_middleware``).
    Django calls the hooks of this class, which call those of the inner middleware in Django's
    order: ``process_view`` from first to last, the others from last to first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._signed_in: Callable[[HttpRequest], Any] = get_response
        self._stack: list[Any] = []
        for path in reversed(settings.SIGNED_IN_MIDDLEWARE):
            try:
                middleware = import_string(path)(self._signed_in)
            except MiddlewareNotUsed:
                continue
            self._stack.insert(0, middleware)
            self._signed_in = convert_exception_to_response(middleware)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, through the inner middleware if it needs a session."""
        get_response = self._signed_in if needs_session(request) else self._get_response
        response: HttpResponseBase = get_response(request)
        if settings.REMOTE_USER_HEADER:
            patch_vary_headers(response, [settings.REMOTE_USER_HEADER])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return the first response of the inner middleware, such as that of a CSRF check."""
        for process in self._hooks(request, "process_view"):
            response: HttpResponseBase | None = process(request, view, args, kwargs)
            if response is not None:
                return response
        return None

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Return the first response of the inner middleware to *exception*."""
        for process in reversed(self._hooks(request, "process_exception")):
            response: HttpResponseBase | None = process(request, exception)
            if response is not None:
                return response
        return None

    def process_template_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Let the inner middleware change *response* before it is rendered."""
        for process in reversed(self._hooks(request, "process_template_response")):
            response = process(request, response)
        return response

    def _hooks(self, request: HttpRequest, name: str) -> list[Callable[..., Any]]:
        if not needs_session(request):
            return []
        return [
            getattr(middleware, name) for middleware in self._stack if hasattr(middleware, name)
        ]
