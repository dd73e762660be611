"""The pages of problems that a browser cannot easily run into, answered in the app's place."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from giropops.middleware.security_headers import HEADERS
from passwords import problems

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

STATUSES: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


def show(page: Page, base_url: str, status: HTTPStatus) -> None:
    """Show the page of *status* in the browser's language."""

    def answer(route: Route) -> None:
        language = route.request.headers.get("accept-language", "pt-BR").split(",")[0]
        with translation.override(translation.get_supported_language_variant(language.lower())):
            body = _body(status)
        headers = {**HEADERS, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(status=status, headers=headers, body=body)

    page.route("**/problem", answer)
    page.goto(f"{base_url}/problem")


def _body(status: HTTPStatus) -> bytes | str:
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return str(render_to_string("500.html"))
    return problems.respond(RequestFactory().get("/problem"), status).content
