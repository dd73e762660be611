"""What a page of another site sends is refused; no form needs a token."""

import logging
from typing import Final

import pytest
from django.conf import settings
from django.test import Client, override_settings

from passwords.models import Generation

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OWN: Final = "localhost"
TRUSTED: Final = [
    "https://trusted.example",
    "https://*.wild.example",
    "http://trusted.example:8080",
]


def draw(method: str = "POST", host: str = OWN, **headers: str) -> int:
    """Send a form from outside a browser, with *headers*; return the status of the answer."""
    client = Client(enforce_csrf_checks=True, headers={"host": host})
    body = b"tamanho=12"
    response = client.generic(
        method, "/", body, "application/x-www-form-urlencoded", headers=headers
    )
    return response.status_code


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_same_origin_request_is_accepted(site: str, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}

    assert draw(sec_fetch_site=site, **headers) == 200


@pytest.mark.parametrize(
    "site", ["cross-site", "same-site", "Same-Origin", "same-origin, none", "x"]
)
@pytest.mark.parametrize("origin", [None, f"http://{OWN}", "https://evil.example", "null"])
def test_any_other_site_is_refused(site: str, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}

    assert draw(sec_fetch_site=site, **headers) == 403
    assert not Generation.objects.exists()


def test_without_either_header_it_is_no_browser() -> None:
    assert draw() == 200
    assert draw(sec_fetch_site="", origin="") == 200


@override_settings(ALLOWED_HOSTS=["*"], ONLY_LOCAL_HOSTS=False)
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:5000", "localhost:5000"),
        ("https://senhas.example.com", "senhas.example.com"),
        ("https://senhas.example.com", "SENHAS.example.com"),
        ("https://Senhas.Example.Com", "senhas.example.com"),
        ("http://senhas.example.com", "senhas.example.com:80"),
        ("https://senhas.example.com", "senhas.example.com:443"),
        ("https://senhas.example.com", "senhas.example.com:80"),
        ("https://senhas.example.com:8443", "senhas.example.com:8443"),
        ("http://[::1]:5000", "[::1]:5000"),
        ("http://[::1]", "[::1]:80"),
    ],
)
def test_an_origin_of_the_same_host_and_port_is_allowed(origin: str, host: str) -> None:
    assert draw(host=host, origin=origin) == 200


@override_settings(ALLOWED_HOSTS=["*"], ONLY_LOCAL_HOSTS=False)
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "senhas.example.com"),
        ("http://localhost:5001", "localhost:5000"),
        ("http://localhost", "localhost:5000"),
        ("http://localhost:5000", "localhost"),
        ("http://localhost:8080", "localhost"),
        ("https://senhas.example.com.evil.example", "senhas.example.com"),
        ("https://evil-senhas.example.com", "senhas.example.com"),
        ("https://example.com", "senhas.example.com"),
        ("https://senhas.example.com@evil.example", "senhas.example.com"),
        ("https://evil.example/senhas.example.com", "senhas.example.com"),
        ("https://evil.example?://senhas.example.com", "senhas.example.com"),
        ("senhas.example.com", "senhas.example.com"),
        ("null", "senhas.example.com"),
        ("null", "null"),
        ("\xff", "senhas.example.com"),
        ("x" * 5000, "senhas.example.com"),
    ],
)
def test_any_other_origin_is_refused(origin: str, host: str) -> None:
    assert draw(host=host, origin=origin) == 403


@override_settings(CSRF_TRUSTED_ORIGINS=TRUSTED)
@pytest.mark.parametrize(
    "origin",
    [
        "https://trusted.example",
        "HTTPS://Trusted.Example",
        "https://one.wild.example",
        "http://trusted.example:8080",
    ],
)
@pytest.mark.parametrize("site", [None, "cross-site", "same-site"])
def test_a_trusted_origin_is_allowed(site: str | None, origin: str) -> None:
    headers = {"sec_fetch_site": site} if site else {}

    assert draw(origin=origin, **headers) == 200


@override_settings(CSRF_TRUSTED_ORIGINS=TRUSTED)
@pytest.mark.parametrize(
    "origin",
    [
        "http://trusted.example",
        "https://trusted.example:444",
        "https://nottrusted.example",
        "https://notwild.example",
        "http://one.wild.example",
        "null",
    ],
)
def test_what_only_looks_like_a_trusted_origin_is_refused(origin: str) -> None:
    assert draw(origin=origin) == 403
    assert draw(origin=origin, sec_fetch_site="cross-site") == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_allowed_from_everywhere(method: str) -> None:
    assert draw(method, sec_fetch_site="cross-site", origin="https://evil.example") in {200, 204}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "MADE-UP"])
@pytest.mark.parametrize("path", ["/", "/api/gerar-senha", "/api/v1/recents", "/admin/login/"])
def test_every_other_method_is_protected_at_every_address(path: str, method: str) -> None:
    response = Client().generic(method, path, headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403


def test_a_host_that_is_not_ours_is_a_bad_request() -> None:
    assert draw(host="evil.example", origin="https://evil.example") == 400


def test_the_refusal_names_the_setting_and_repeats_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    origin = "https://<script>alert(1)</script>.example"
    client = Client(headers={"accept-language": "en", "origin": origin})

    page = client.post("/")
    answer = client.post("/api/gerar-senha")

    assert "CSRF_TRUSTED_ORIGINS" in page.content.decode()
    assert "script>alert" not in page.content.decode()
    assert list(answer.json()["errors"]) == ["request"]
    assert answer.status_code == 403
    assert "script" not in caplog.text


@pytest.mark.parametrize(
    ("origin", "logged"),
    [
        ("https://other.example:8443", "https://other.example:8443"),
        ("null", "null"),
        (None, "(missing or malformed)"),
        ("https://other.example/path?secret", "(missing or malformed)"),
        ("https://" + "x" * 300, "(missing or malformed)"),
        ("https://other.example\x85forged", "(missing or malformed)"),
    ],
)
def test_the_log_names_the_origin(
    caplog: pytest.LogCaptureFixture, origin: str | None, logged: str
) -> None:
    headers = {"origin": origin} if origin else {}

    draw(sec_fetch_site="cross-site", **headers)

    (message,) = [
        record.getMessage()
        for record in caplog.records
        if record.name == "giropops.middleware.cross_origin" and record.levelno == logging.WARNING
    ]
    assert f"Origin {logged} is" in message
    assert "CSRF_TRUSTED_ORIGINS" in message


@pytest.mark.parametrize("path", ["/", "/preferences", "/recents/clear", "/nothing-here"])
def test_no_public_page_sets_a_token_or_its_cookie(path: str) -> None:
    client = Client()

    shown = [client.get(path), client.post(path)]

    assert settings.CSRF_COOKIE_NAME not in client.cookies
    assert not [page for page in shown if b"csrfmiddlewaretoken" in page.content]
