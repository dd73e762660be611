"""Headers on every answer, a limit on every body, silence in every report."""

import secrets

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

from giropops.middleware.wsgi import without_prefix
from giropops.monitoring.error_reports import SilentReporterFilter

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/senhas", "/nowhere", "/api/nowhere"])
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Permissions-Policy"].startswith("camera=(), ")
    if path != "/healthz":
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"


def test_liveness_needs_no_host_and_sets_no_cookie(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "not.allowed.example"})

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("path", ["/", "/api/gerar-senha", "/api/v1/secrets"])
def test_a_body_over_64_kib_is_refused(client: Client, path: str) -> None:
    response = client.post(path, b"x" * (64 * 1024 + 1), content_type="application/json")

    assert response.status_code == 413


def test_an_error_report_shows_neither_variables_nor_posted_values() -> None:
    posted, local = secrets.token_hex(), secrets.token_hex()
    request = RequestFactory().post("/", {"field": posted})

    with pytest.raises(ValueError, match="no number") as caught:
        int(f"no number: {len(local)}")
    reporter = ExceptionReporter(request, caught.type, caught.value, caught.tb)
    report = reporter.get_traceback_html() + reporter.get_traceback_text()

    assert isinstance(reporter.filter, SilentReporterFilter)
    assert local not in report
    assert posted not in report


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/giropops/api", "/api"),
        ("/giropops", "/"),
        ("/giropops/", "/"),
        ("/api", "/api"),
        ("/giropopsx", "/giropopsx"),
    ],
)
def test_the_prefix_is_taken_off_whether_or_not_the_ingress_did(path: str, seen: str) -> None:
    paths: list[str] = []

    def app(environ: dict[str, object], _start_response: object) -> list[bytes]:
        paths.append(str(environ["PATH_INFO"]))
        return []

    without_prefix(app, "/giropops")({"PATH_INFO": path}, lambda *_: lambda _: None)

    assert paths == [seen]


@pytest.mark.parametrize("path", ["/admin/", "/api/senhas"])
def test_a_session_that_cannot_be_read_is_an_honest_503(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail() -> None:
        raise OperationalError

    client.raise_request_exception = False
    client.cookies["giropops_session"] = "a" * 32
    monkeypatch.setattr(connection, "cursor", fail)

    response = client.get(path, headers={"accept-language": "en"})

    assert response.status_code == 503
    assert "The database cannot be reached at the moment." in response.content.decode()
