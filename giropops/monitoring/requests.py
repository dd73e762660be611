"""Count, time and log every request.

The log line has the request's id, method, route, status and time. It needs no `logs.redacted`: the
id is validated, method and route are known names. It has no path, query, body, cookie or address.
"""

import logging
import os
import re
from collections.abc import Callable
from time import perf_counter
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from giropops.monitoring import logs, metrics

ID_HEADER: Final = "X-Request-ID"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_ID_BYTES: Final = 8

logger = logging.getLogger(logs.REQUESTS_LOGGER)


class RequestsMiddleware:
    """Gives each request an id, counts it and logs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on and measure the time."""
        started = perf_counter()
        given = request.headers.get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else os.urandom(_ID_BYTES).hex()
        logs.request_id.set(request_id)
        response = self._get_response(request)
        seconds = perf_counter() - started
        response.headers[ID_HEADER] = request_id
        route = route_name(request)
        method = metrics.method_name(request)
        metrics.count_request(
            route=route, method=method, status=response.status_code, seconds=seconds
        )
        if logger.isEnabledFor(logging.INFO):
            _log(
                f'"request_id":"{request_id}","method":"{method}","route":"{route}",'
                f'"status":{response.status_code},"milliseconds":{seconds * 1000:.2f}'
            )
        return response


def route_name(request: HttpRequest) -> str:
    """Return the name of the route; for unknown paths ``static`` or ``none``."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _log(line: str) -> None:
    # `logger.info` would look up its caller, which takes a third of the time of a line.
    record = logging.LogRecord(logger.name, logging.INFO, __file__, 0, "", None, None)
    record.request_line = line
    logger.handle(record)
