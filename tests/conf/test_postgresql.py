"""Only web workers limit how long a PostgreSQL query may take."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from giropops.conf.environment import Environment
from giropops.conf.postgresql.base import DatabaseWrapper
from giropops.conf.stores import POSTGRES_QUERY_TIMEOUT_SECONDS, database
from tests.live import ROOT
from tests.servers import HOST, PostgresServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL that the tests may freeze."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def connection(server: PostgresServer, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """Django's connection, as the settings make it from the environment."""
    described = database(Environment({"DATABASE_URL": server.url}), default="")
    connection = ConnectionHandler({"default": dict(described)})["default"]
    with django_db_blocker.unblock():  # it is not the database of the other tests
        yield connection
    connection.close()


def execute(connection: Any, query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (answer,) = cursor.fetchone()
    return answer


def test_a_command_may_wait_for_a_long_query(connection: Any) -> None:
    assert isinstance(connection, DatabaseWrapper)
    assert connection.vendor == "postgresql"
    assert connection.query_timeout_seconds is None
    assert execute(connection, "SELECT 7 FROM pg_sleep(0.5)") == 7


def test_a_query_over_the_limit_fails_and_its_late_answer_is_nobodys(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DatabaseWrapper, "query_timeout_seconds", 0.2)

    with pytest.raises(OperationalError):
        execute(connection, "SELECT 7 FROM pg_sleep(2)")
    lost = connection.connection
    connection.close_if_unusable_or_obsolete()

    assert lost.closed
    assert execute(connection, "SELECT 8") == 8


def test_a_frozen_server_costs_no_more_than_the_limit(
    connection: Any, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DatabaseWrapper, "query_timeout_seconds", 0.2)
    execute(connection, "SELECT 1")

    server.pause()
    try:
        with pytest.raises(OperationalError):
            execute(connection, "SELECT 2")
    finally:
        server.resume()

    assert connection.connection.closed


def test_a_web_worker_sets_the_limit() -> None:
    set_up_worker = """
import types
from passwords import background
background.BackgroundThread.start = lambda self: None
gunicorn_conf.post_worker_init(types.SimpleNamespace(age=2))
print(DatabaseWrapper.query_timeout_seconds)
"""
    imports = """
from giropops.server import gunicorn_conf
from giropops.conf.postgresql.base import DatabaseWrapper
print(DatabaseWrapper.query_timeout_seconds)
"""

    ended = subprocess.run(
        [sys.executable, "-c", imports + set_up_worker],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"postgres://nobody@{HOST}:1/none"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.split() == ["None", str(POSTGRES_QUERY_TIMEOUT_SECONDS)]
