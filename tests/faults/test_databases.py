"""The database in trouble: secrets are made all the same, and the history is written later."""

import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
import requests

from giropops.conf.stores import POSTGRES_QUERY_TIMEOUT_SECONDS
from tests.admin.live import SESSION_COOKIE, session_of_superuser
from tests.faults.conftest import StartRig
from tests.faults.load import CLIENTS
from tests.faults.rig import IS_STRICT, Rig, judge, judge_history, until_replaced
from tests.monitoring.test_metrics import total, workers
from tests.servers import PostgresServer

pytestmark = pytest.mark.faults


def see(rig: Rig) -> str:
    """Return what readiness reports about rows that wait."""
    rig.draw()
    waiting = total(rig.scrape(), "giropops_history_waiting_rows")
    errors = rig.increase("giropops_database_errors_total")
    return f"{'rows wait' if waiting else 'no row waits'}, {'errors counted' if errors else '-'}"


WAITS = "rows wait, errors counted"
NOT_KEPT = "this one was not kept"


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_postgresql_ends_and_is_started_again(
    postgres_rig: Rig, own_postgres: PostgresServer, how: str
) -> None:
    figures = postgres_rig.run(
        f"PostgreSQL: {how}",
        break_it=getattr(own_postgres, how),
        mend_it=own_postgres.start,
        look=lambda: see(postgres_rig),
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", WAITS)


def test_postgresql_is_frozen(postgres_rig: Rig, own_postgres: PostgresServer) -> None:
    figures = postgres_rig.run(
        "PostgreSQL: SIGSTOP",
        break_it=own_postgres.pause,
        mend_it=own_postgres.resume,
        look=lambda: see(postgres_rig),
        hold_seconds=30 if IS_STRICT else 12,
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", WAITS)
    # The page may have waited for an answer, and to connect for its policies and for its row. Later
    # requests wait for nothing.
    assert max(figures.tally.seconds) < 3 * POSTGRES_QUERY_TIMEOUT_SECONDS + 2


def test_a_worker_is_killed_while_rows_wait_in_it(
    postgres_rig: Rig, own_postgres: PostgresServer
) -> None:
    def kill_one() -> str:
        shown = see(postgres_rig)
        old = workers(postgres_rig.app)[:1]
        os.kill(old[0], signal.SIGKILL)
        until_replaced(postgres_rig, old)
        return shown

    figures = postgres_rig.run(
        "PostgreSQL killed, worker: kill -9",
        break_it=own_postgres.kill,
        mend_it=own_postgres.start,
        look=kill_one,
    )

    judge(figures, broken_allowed=4 * CLIENTS)
    judge_history(figures, unsure=4 * CLIENTS)
    logged = re.findall(r"history: (\d+) rows lost \(killed\)", postgres_rig.app.log)
    assert figures.lost == sum(map(int, logged)) > 0


def test_a_signed_in_visitor_can_still_draw(
    postgres_rig: Rig, own_postgres: PostgresServer
) -> None:
    url = postgres_rig.app.base_url
    session = requests.Session()
    session.cookies[SESSION_COOKIE] = session_of_superuser(postgres_rig.app)
    session.headers["Accept-Language"] = "en"

    def draw() -> str:
        form = {"kind": "pin"}
        answers = [
            session.post(f"{url}/", form, timeout=30),
            session.post(f"{url}/api/gerar-senha", json={}, timeout=30),
            session.post(f"{url}/api/v1/secrets", json={}, timeout=30),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 201]
        assert session.cookies.keys() == [SESSION_COOKIE]  # and no owner's
        return str(answers[-1].json()["recents"]) + NOT_KEPT * (NOT_KEPT in answers[0].text)

    before = draw()
    own_postgres.kill()
    during = draw()
    reading = session.get(f"{url}/api/v1/recents", timeout=30)
    own_postgres.start()
    postgres_rig.recover()
    after = draw()

    assert (before, during, after) == ("kept", "unavailable" + NOT_KEPT, "kept")
    assert (reading.status_code, list(reading.json()["errors"])) == (503, ["database"])
    with psycopg.connect(own_postgres.url) as database:
        rows = database.execute(
            "SELECT user_name, owner_hash = '', count(*) FROM passwords_generation"
            " WHERE user_name <> '' OR owner_hash = '' GROUP BY 1, 2 ORDER BY 1"
        ).fetchall()
    assert rows == [("", True, 3), ("lead", True, 6)]


def test_the_history_is_locked(postgres_rig: Rig, own_postgres: PostgresServer) -> None:
    with psycopg.connect(own_postgres.url) as other:
        figures = postgres_rig.run(
            "PostgreSQL: locked table",
            break_it=lambda: other.execute("LOCK TABLE passwords_generation"),
            mend_it=other.rollback,
            look=lambda: see(postgres_rig),
        )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", WAITS)


def test_postgresql_has_no_connection_left(postgres_rig: Rig, own_postgres: PostgresServer) -> None:
    operator = psycopg.connect(own_postgres.url, autocommit=True)
    with ExitStack() as holders:

        def fill() -> None:
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            for _ in range(200):
                try:
                    holders.enter_context(psycopg.connect(own_postgres.url))
                except psycopg.OperationalError:
                    return

        figures = postgres_rig.run(
            "PostgreSQL: no connection left", break_it=fill, mend_it=holders.close
        )
    operator.close()

    judge(figures)
    judge_history(figures)


def test_sqlite_is_busy(rig: Rig) -> None:
    path = rig.app.folder / "app.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        figures = rig.run(
            "SQLite: busy",
            break_it=lambda: other.execute("BEGIN IMMEDIATE"),
            mend_it=lambda: other.execute("ROLLBACK"),
            look=lambda: see(rig),
        )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", WAITS)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(tmp_path)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_sqlite_has_no_room_left(start_rig: StartRig, small_disk: Path) -> None:
    rig = start_rig(DATABASE_URL=f"sqlite:///{small_disk / 'app.sqlite3'}")
    filler = small_disk / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 512)
            except OSError:
                return

    figures = rig.run(
        "SQLite: disk full", break_it=fill, mend_it=filler.unlink, look=lambda: see(rig)
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", WAITS)


def test_sqlite_may_only_be_read(start_rig: StartRig, small_disk: Path) -> None:
    rig = start_rig(DATABASE_URL=f"sqlite:///{small_disk / 'app.sqlite3'}")

    def remount(mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", str(small_disk)], check=True)

    rig.app.stop()  # what is open for writing cannot be made read-only
    remount("ro")
    rig.app.start()

    figures = rig.run(
        "SQLite: read-only",
        break_it=lambda: None,
        mend_it=lambda: remount("rw"),
        look=lambda: see(rig),
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", WAITS)


def test_sqlite_refuses_every_row(rig: Rig) -> None:
    path = rig.app.folder / "app.sqlite3"

    def forbid() -> None:
        with closing(sqlite3.connect(path)) as other:
            other.execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON passwords_generation"
                " BEGIN SELECT RAISE(ABORT, 'no more rows'); END"
            )

    def allow() -> None:
        with closing(sqlite3.connect(path)) as other:
            other.execute("DROP TRIGGER refuse")

    figures = rig.run(
        "SQLite: refuses the rows", break_it=forbid, mend_it=allow, look=lambda: see(rig)
    )

    judge(figures)
    judge_history(figures)
