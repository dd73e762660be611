"""Liveness checks no dependency; readiness checks each one, for a limited time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
import requests
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from giropops.monitoring import dependencies, probes
from giropops.monitoring.probes import Finding, Probe
from passwords import history
from passwords.history import HistoryWriter
from passwords.recents import RecentsUnavailableError
from tests.live import LiveApp
from tests.servers import RedisServer

# Where they use the database, tests make no transaction of their own: it would hold SQLite's lock.
STRANGE_HOST = {"host": "not.allowed.example"}


@pytest.fixture(scope="module")
def own_redis() -> Iterator[RedisServer]:
    """A Redis that a test may break, and then mends."""
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
def app(live_template: Path, own_redis: RedisServer) -> Iterator[LiveApp]:
    """The app with two workers on that Redis."""
    environment = {"REDIS_URL": own_redis.url, "WEB_CONCURRENCY": "2"}
    with LiveApp(template=live_template, environment=environment) as app:
        yield app


class RefusingStore:
    """A store that accepts no writes."""

    def check(self) -> None:
        """Refuse."""
        raise RecentsUnavailableError("refused")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@override_settings(SECURE_SSL_REDIRECT=True)
def test_no_host_no_https_and_no_cookie_is_needed(client: Client, path: str) -> None:
    response = client.get(path, headers=STRANGE_HOST)

    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store"


def test_liveness_touches_no_database(client: Client) -> None:
    # Without the mark, pytest-django fails each query.
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "ANYTHING"])
def test_the_endpoints_allow_only_reading(client: Client, path: str, method: str) -> None:
    response = client.generic(method, path)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.django_db(transaction=True)
def test_readiness_names_every_dependency(client: Client) -> None:
    content = client.get("/readyz").json()

    assert content["status"] == "ok"
    assert content["history_rows_waiting"] == 0
    assert content["dependencies"]["database"]["status"] == "ok"
    assert content["dependencies"]["redis"] == {"status": "unused"}


def test_no_store_is_required_by_default() -> None:
    assert frozenset() == settings.READINESS_REQUIRES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        (set(), (200, "degraded")),
        ({"database"}, (200, "degraded")),
        ({"database", "redis"}, (503, "unavailable")),
    ],
)
def test_without_redis_the_app_is_ready_unless_redis_is_required(
    client: Client, monkeypatch: pytest.MonkeyPatch, requires: set[str], expected: tuple[int, str]
) -> None:
    monkeypatch.setattr(dependencies, "uses_redis", lambda: True)
    monkeypatch.setattr(dependencies, "open_store", RefusingStore)

    with override_settings(READINESS_REQUIRES=requires):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == expected
    assert response.json()["dependencies"]["redis"]["status"] == "refused"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        (set(), (200, "degraded")),
        ({"redis"}, (200, "degraded")),
        ({"database"}, (503, "unavailable")),
    ],
)
def test_history_rows_that_wait_count_as_a_failing_database(
    client: Client, monkeypatch: pytest.MonkeyPatch, requires: set[str], expected: tuple[int, str]
) -> None:
    writer = HistoryWriter()
    monkeypatch.setattr(history, "writer", writer)
    monkeypatch.setattr(HistoryWriter, "waiting", 3)

    with override_settings(READINESS_REQUIRES=requires):
        response = client.get("/readyz")

    content = response.json()
    assert (response.status_code, content["status"]) == expected
    assert content["history_rows_waiting"] == 3


def test_a_check_that_raises_is_logged_without_the_error_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def check() -> Finding:
        raise OSError("words with a password")

    finding = Probe("thing", check).start()()

    assert (finding.status, finding.is_ok) == ("failed", False)
    assert "thing: no answer (OSError)" in caplog.text
    assert "password" not in caplog.text


def test_a_check_that_hangs_runs_once_and_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probes, "TIMEOUT_SECONDS", 0.01)
    thaw, runs = threading.Event(), []

    def check() -> Finding:
        runs.append(1)
        thaw.wait(timeout=10)
        return Finding("ok")

    probe = Probe("thing", check)

    statuses = [probe.start()().status for _ in range(3)]
    thaw.set()

    assert (statuses, len(runs)) == (["slow"] * 3, 1)


def test_readiness_follows_real_servers(app: LiveApp, own_redis: RedisServer) -> None:
    def redis_status() -> str:
        answer = requests.get(f"{app.base_url}/readyz", timeout=30)
        assert answer.status_code == 200
        return str(answer.json()["dependencies"]["redis"]["status"])

    seen = [redis_status()]
    own_redis.stop()
    seen.append(redis_status())
    own_redis.start()
    seen.append(redis_status())
    own_redis.pause()
    seen.append(redis_status())
    own_redis.resume()

    assert seen == ["ok", "away", "ok", "away"]


def test_readiness_reports_a_database_that_accepts_no_rows(app: LiveApp) -> None:
    with closing(sqlite3.connect(app.folder / "app.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = requests.get(f"{app.base_url}/readyz", timeout=30)
        other.execute("ROLLBACK")

    content = answer.json()
    assert (answer.status_code, content["status"]) == (200, "degraded")
    assert content["dependencies"]["database"]["status"] == "slow"


@pytest.mark.django_db(transaction=True)
def test_a_working_database_accepts_rows() -> None:
    assert dependencies.check_database() == Finding("ok", 0)
    assert connection.vendor in {"sqlite", "postgresql"}


def test_checks_leave_no_connection_open(app: LiveApp, own_redis: RedisServer) -> None:
    with redis.Redis.from_url(own_redis.url) as operator:
        before = len(operator.client_list())

        for _ in range(50):
            requests.get(f"{app.base_url}/readyz", timeout=30)

        assert len(operator.client_list()) <= before + 2
