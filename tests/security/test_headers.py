"""Every route, every error and every static file carries the headers that protect its reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from passwords.models import Policy
from tests.admin.live import manage
from tests.conftest import StartLiveApp
from tests.live import LiveApp

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Literals, not `security_headers.HEADERS`: a value that is wrong there must fail here.
ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SAMPLES = {"str": "a", "int": "1", "slug": "pin", "path": "1", "uuid": "0" * 32}


OVER_HTTPS = {"X-Forwarded-Proto": "https"}
PASSWORD = "not-a-secret-at-all"
MAKE_USER = f"""
from django.contrib.auth.models import User
User.objects.create_superuser("lead", password="{PASSWORD}")
"""


@pytest.fixture(scope="module")
def https_app(live_template: Path) -> Iterator[LiveApp]:
    """The app behind a proxy that ends TLS."""
    environment = {"HTTPS": "true", "TRUSTED_PROXIES": "1"}
    with LiveApp(template=live_template, environment=environment) as app:
        yield app


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
    assert "no-store" in response.headers["Cache-Control"] or path.startswith("/admin/jsi18n")


def test_static_files_and_their_absence_do_too(live_app: LiveApp) -> None:
    page = requests.get(f"{live_app.base_url}/", timeout=30)
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]

    for path, status in ((style, 200), ("/favicon.ico", 200), ("/static/nothing.js", 404)):
        answer = requests.get(f"{live_app.base_url}{path}", timeout=30)
        assert answer.status_code == status
        assert ALWAYS.items() <= dict(answer.headers).items()


def test_strict_transport_security_is_sent_behind_https(https_app: LiveApp) -> None:
    secure = requests.get(f"{https_app.base_url}/", headers=OVER_HTTPS, timeout=30)

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_only_what_came_through_the_proxy_is_redirected_to_https(https_app: LiveApp) -> None:
    url = f"{https_app.base_url}/x?y=1"
    headers = {"X-Forwarded-Proto": "http"}

    proxied = requests.get(url, headers=headers, allow_redirects=False, timeout=30)
    direct = requests.get(f"{https_app.base_url}/", allow_redirects=False, timeout=30)

    assert (proxied.status_code, proxied.headers["Location"]) == (301, f"https{url[4:]}")
    assert direct.status_code == 200


@pytest.mark.parametrize(
    "environment", [{"HTTPS": "true"}, {"TRUSTED_PROXIES": "1"}], ids=["no proxy", "no HTTPS"]
)
def test_without_https_and_a_trusted_proxy_nothing_is_redirected(
    start_live_app: StartLiveApp, environment: dict[str, str]
) -> None:
    app = start_live_app(environment)
    headers = {"X-Forwarded-Proto": "http"}

    answer = requests.get(f"{app.base_url}/", headers=headers, allow_redirects=False, timeout=30)

    assert answer.status_code == 200


def test_behind_https_every_cookie_is_secure(https_app: LiveApp) -> None:
    manage(https_app, "shell", "--verbosity=0", "--command", MAKE_USER)

    # By hand: requests keeps Secure cookies, and does not send them to http://.
    form = requests.get(f"{https_app.base_url}/admin/login/", headers=OVER_HTTPS, timeout=30)
    token = form.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    from_form = {
        **OVER_HTTPS,
        "Origin": https_app.base_url.replace("http://", "https://"),
        "Cookie": f"giropops_csrf={form.cookies['giropops_csrf']}",
    }

    def post(path: str, **fields: str) -> requests.Response:
        return requests.post(
            f"{https_app.base_url}{path}",
            {"csrfmiddlewaretoken": token, **fields},
            headers=from_form,
            allow_redirects=False,
            timeout=30,
        )

    answers = [
        form,
        post("/admin/login/", username="lead", password=PASSWORD),
        post("/preferences", language="es", theme="dark"),
        post("/", tamanho="12"),
    ]
    cookies = {cookie.name: cookie for answer in answers for cookie in answer.cookies}

    assert set(cookies) == {
        *("giropops_csrf", "giropops_session", "giropops_language", "giropops_theme"),
        "giropops_owner",
    }
    assert [name for name, cookie in cookies.items() if not cookie.secure] == []
    assert [name for name, it in cookies.items() if not it.has_nonstandard_attr("HttpOnly")] == []


def test_there_are_policies_to_walk_to() -> None:
    assert Policy.objects.exists()
