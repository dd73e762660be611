"""The rigs, and the table at the end of the run."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.conftest import StartLiveApp
from tests.faults.rig import Rig, print_table, table
from tests.live import LiveApp
from tests.servers import PostgresServer, RedisServer

StartRig = Callable[..., Rig]


@pytest.fixture(scope="module")
def own_redis() -> Iterator[RedisServer]:
    """A Redis to break."""
    with RedisServer(password="not-a-secret") as server:
        yield server


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL to break."""
    with PostgresServer() as server:
        # For speed the tests' servers promise nothing that outlives a crash.
        with psycopg.connect(server.url) as operator:
            operator.execute(f"ALTER ROLE {server.user} SET synchronous_commit = on")
        yield server


@pytest.fixture
def start_rig(start_live_app: StartLiveApp, own_redis: RedisServer) -> StartRig:
    """Start the app with two workers on SQLite and a Redis of its own, or what the test says."""
    return lambda **environment: Rig(
        start_live_app({**_environment(own_redis), **environment}), _count_in_sqlite
    )


@pytest.fixture(scope="module")
def sqlite_app(live_template: Path, own_redis: RedisServer) -> Iterator[LiveApp]:
    """The app with two workers on SQLite."""
    with LiveApp(template=live_template, environment=_environment(own_redis)) as app:
        yield app


@pytest.fixture
def rig(sqlite_app: LiveApp) -> Rig:
    """The app on SQLite, which the tests of a module share."""
    return Rig(sqlite_app, _count_in_sqlite)


@pytest.fixture(scope="module")
def postgres_app(
    live_template: Path, own_redis: RedisServer, own_postgres: PostgresServer
) -> Iterator[LiveApp]:
    """The app with two workers on PostgreSQL."""
    environment = {**_environment(own_redis), "DATABASE_URL": own_postgres.url}
    with LiveApp(template=live_template, environment=environment) as app:
        yield app


@pytest.fixture
def postgres_rig(postgres_app: LiveApp, own_postgres: PostgresServer) -> Rig:
    """The app on PostgreSQL, which the tests of a module share."""
    return Rig(postgres_app, lambda _app: _count_in_postgres(own_postgres))


def _environment(own_redis: RedisServer) -> dict[str, str]:
    return {"REDIS_URL": own_redis.url, "WEB_CONCURRENCY": "2"}


def _count_in_sqlite(app: LiveApp) -> int:
    with closing(
        sqlite3.connect(app.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    ) as database:
        ((rows,),) = database.execute("SELECT count(*) FROM passwords_generation")
    return int(rows)


def _count_in_postgres(server: PostgresServer) -> int:
    with psycopg.connect(server.url) as database:
        ((rows,),) = database.execute("SELECT count(*) FROM passwords_generation").fetchall()
    return int(rows)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    if table:
        terminalreporter.section("faults")
        print_table(terminalreporter.write_line)
