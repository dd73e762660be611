"""The language of each request: the visitor's choice in a cookie, or else the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class LanguageMiddleware:
    """Does what Django's ``LocaleMiddleware`` does for an app without languages in its paths.

    That one looks for a language in the path of each request, twice, which costs 20 µs, and leaves
    the cookie out of ``Vary``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the language, and say in the response which it is and what it depends on."""
        translation.activate(translation.get_language_from_request(request))
        response = self._get_response(request)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
