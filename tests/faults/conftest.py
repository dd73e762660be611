"""The rigs, and the table at the end of the run."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from tests.conftest import StartLiveApp
from tests.faults.rig import Rig, print_table, table
from tests.live import LiveApp
from tests.servers import PostgresServer, RedisServer

StartRig = Callable[..., Rig]


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis to break."""
    with RedisServer(password="not-a-secret") as server:
        yield server


@pytest.fixture
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

    def start(**environment: str) -> Rig:
        app = start_live_app({"REDIS_URL": own_redis.url, "WEB_CONCURRENCY": "2", **environment})
        return Rig(app, lambda: _count_in_sqlite(app))

    return start


@pytest.fixture
def postgres_rig(
    start_live_app: StartLiveApp, own_redis: RedisServer, own_postgres: PostgresServer
) -> Rig:
    """The app with two workers on PostgreSQL."""
    app = start_live_app(
        {
            "REDIS_URL": own_redis.url,
            "WEB_CONCURRENCY": "2",
            "DATABASE_URL": own_postgres.url,
        }
    )
    return Rig(app, lambda: _count_in_postgres(own_postgres))


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
