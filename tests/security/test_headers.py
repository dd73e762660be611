"""Every route, every error and every static file carries the headers that protect its reader."""

from collections.abc import Iterator

import pytest
import requests
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from giropops.middleware.security_headers import HEADERS
from passwords.models import Policy
from tests.conftest import StartLiveApp
from tests.live import LiveApp

pytestmark = pytest.mark.django_db

ALWAYS = {
    **HEADERS,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
del ALWAYS["Cache-Control"]  # said where it is not "no-store"
SAMPLES = {"str": "a", "int": "1", "slug": "pin", "path": "1", "uuid": "0" * 32}


def paths(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[str]:
    """Yield one path for each route."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern).replace("^", "").replace("$", "")
        if isinstance(pattern, URLResolver):
            yield from paths(pattern.url_patterns, route)
            continue
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            for written in (f"<{kind}:{name}>", f"<{name}>"):
                route = route.replace(written, SAMPLES.get(kind, "1"))
        if "(" not in route:
            yield route


ROUTES = sorted(set(paths()))


def test_all_routes_are_walked() -> None:
    assert len(ROUTES) > 40
    assert {"/", "/api/gerar-senha", "/admin/login/"} <= set(ROUTES)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ROUTES)
def test_a_route_answers_with_the_headers(admin_client: Client, path: str, method: str) -> None:
    response = getattr(admin_client, method)(path)

    assert ALWAYS.items() <= dict(response.headers).items()
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"] or path.startswith("/admin/jsi18n")


def test_static_files_and_their_absence_do_too(live_app: LiveApp) -> None:
    page = requests.get(f"{live_app.base_url}/", timeout=30)
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]

    for path, status in ((style, 200), ("/favicon.ico", 200), ("/static/nothing.js", 404)):
        answer = requests.get(f"{live_app.base_url}{path}", timeout=30)
        assert answer.status_code == status
        assert ALWAYS.items() <= dict(answer.headers).items()


def test_strict_transport_security_is_said_behind_https(start_live_app: StartLiveApp) -> None:
    app = start_live_app({"HTTPS": "true", "TRUSTED_PROXIES": "1"})

    secure = requests.get(f"{app.base_url}/", headers={"X-Forwarded-Proto": "https"}, timeout=30)
    plain = requests.get(f"{app.base_url}/", allow_redirects=False, timeout=30)

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert (plain.status_code, plain.headers["Location"][:8]) == (301, "https://")


def test_there_are_policies_to_walk_to() -> None:
    assert Policy.objects.exists()
