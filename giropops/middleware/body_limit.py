"""The limit on the size of a request body."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from passwords import problems


class BodyLimitMiddleware:
    """Refuses bodies over ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes, and those of unknown length.

    Django reads ``Content-Length`` bytes, and nothing of a chunked body. A refused body is not read
    here: the worker handles slow clients.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        if "transfer-encoding" in request.headers:
            return problems.respond(request, HTTPStatus.LENGTH_REQUIRED)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _content_length(request) > limit:
            return problems.respond(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self._get_response(request)


def _content_length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("content-length") or 0)
    except ValueError:
        return 0
