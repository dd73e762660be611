"""The redirect to HTTPS of requests that a proxy received over plain HTTP."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase


class HttpsRedirectMiddleware:
    """With ``HTTPS`` on, redirects requests that a trusted proxy marks as plain HTTP.

    Django's ``SECURE_SSL_REDIRECT`` would also redirect requests that do not come through the
    proxy, such as probes in a cluster, to a port without TLS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not (settings.HTTPS and settings.TRUSTED_PROXIES):
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Redirect, or pass the request on."""
        if "X-Forwarded-Proto" in request.headers and not request.is_secure():
            url = f"https://{request.get_host()}{request.get_full_path()}"
            return HttpResponsePermanentRedirect(url)
        return self._get_response(request)
