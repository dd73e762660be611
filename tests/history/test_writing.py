"""Writing the history: every caller's row is committed when the call returns, or reported lost."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import (
    DataError,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)
from django.test.utils import CaptureQueriesContext

from passwords.history import DraftRecordedError, HistoryRow, HistoryWriter, writing
from passwords.models import Generation
from passwords.signals import history_lost

NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_row(count: int = 1) -> HistoryRow:
    return HistoryRow(
        created_at=NOW,
        user_id=None,
        user_name="ana",
        owner_hash="a" * 32,
        channel="api",
        kind="pin",
        policy_id=None,
        policy_slug="pin",
        policy_version=3,
        count=count,
        size=6,
        entropy_bits=19.93,
        client_address="2001:db8::1",
    )


def test_the_row_has_every_column_of_the_model_but_its_key() -> None:
    columns = [field.column for field in Generation._meta.concrete_fields if not field.primary_key]

    assert columns == writing._COLUMNS


@pytest.mark.django_db
def test_what_is_written_is_what_the_model_reads() -> None:
    written = HistoryWriter().write(a_row())

    row = Generation.objects.get()
    assert written
    expected = asdict(a_row())
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.django_db
def test_a_row_costs_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        HistoryWriter().write(a_row())

    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_many_threads_get_their_rows_committed() -> None:
    writer = HistoryWriter()

    def write(number: int) -> bool:
        try:
            return writer.write(a_row(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        results = list(pool.map(write, range(1, 201)))

    assert all(results)
    counts = Generation.objects.order_by("count").values_list("count", flat=True)
    assert list(counts) == list(range(1, 201))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError, "history: a row waits for the database (OperationalError)"),
        (InterfaceError, "history: a row waits for the database (InterfaceError)"),
        (DataError, "history: a row not recorded (DataError)"),
    ],
)
def test_a_row_that_is_not_taken_is_logged_without_the_words_of_the_database(
    writer: HistoryWriter,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Error],
    expected: str,
) -> None:
    def fail() -> None:
        raise error("words of the database")

    monkeypatch.setattr(connection, "cursor", fail)

    assert not writer.write(a_row())
    assert expected in caplog.text
    assert "words of the database" not in caplog.text
    assert ("not recorded" in caplog.text) == (writer.waiting == 0)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[HistoryWriter]:
    """A writer that retries only when the test lets it."""
    monkeypatch.setattr(writing, "RETRY_SECONDS", 3600)
    writer = HistoryWriter()
    yield writer
    thread = writer._thread
    writer.stop(seconds=0)
    if thread:
        thread.join(timeout=10)


@pytest.fixture
def lost() -> Iterator[list[tuple[int, str]]]:
    """How many rows were lost, and why."""
    seen: list[tuple[int, str]] = []

    def note(rows: int, reason: str, **_signal: object) -> None:
        seen.append((rows, reason))

    history_lost.connect(note, sender=HistoryWriter, weak=False)
    yield seen
    history_lost.disconnect(note, sender=HistoryWriter)


def break_database(patch: pytest.MonkeyPatch) -> None:
    """Make every statement of a writer fail, until the patch is undone."""

    def fail(_rows: object) -> None:
        raise OperationalError

    patch.setattr(writing, "_insert", fail)
    patch.setattr(writing, "_missing", fail)


def counts() -> list[int]:
    return list(Generation.objects.order_by("pk").values_list("count", flat=True))


@pytest.mark.django_db(transaction=True)  # the writer leaves a connection that failed
def test_a_row_that_the_database_refused_is_written_later(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)
        taken = [writer.write(a_row(1)), writer.write(a_row(2)), writer.retry()]

    written = writer.retry()

    assert taken == [False, False, False]
    assert (written, writer.waiting) == (True, 0)


@pytest.mark.django_db
def test_a_draft_has_one_row_and_rows_without_a_draft_have_no_limit() -> None:
    row = replace(a_row(), draft_id=UUID(int=1))
    writer = HistoryWriter()
    writer.write(row)

    with pytest.raises(DraftRecordedError):
        writer.write(replace(row, count=2))

    assert [writer.write(a_row(number)) for number in (3, 4)] == [True, True]
    assert counts() == [1, 3, 4]


@pytest.mark.django_db
def test_the_backlog_has_one_row_of_a_draft(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    rows = [
        replace(a_row(number), created_at=NOW + number * SECOND, draft_id=UUID(int=number // 2))
        for number in range(6)
    ]
    writing._insert(rows[5:])  # by another process
    with monkeypatch.context() as patch:
        break_database(patch)
        for row in rows[:5]:
            writer.write(row)

    writer.retry()

    assert (counts(), lost) == ([5, 0, 2], [])


@pytest.mark.django_db
def test_the_backlog_is_written_oldest_first_and_once(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [replace(a_row(number), created_at=NOW + number * SECOND) for number in range(250)]
    writing._insert(rows[:3])  # the database failed after the commit, before it answered
    with monkeypatch.context() as patch:
        break_database(patch)
        for row in rows:
            writer.write(row)

    writer.retry()

    assert counts() == list(range(250))


@pytest.mark.django_db
def test_a_row_that_nobody_keeps_is_not_written_later(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)

        assert not writer.write(a_row(), keep=False)

    assert writer.waiting == 0
    assert "history: a row not recorded (OperationalError)" in caplog.text


def test_the_backlog_is_limited_and_lost_rows_are_reported(
    writer: HistoryWriter,
    monkeypatch: pytest.MonkeyPatch,
    lost: list[tuple[int, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(writing, "BACKLOG_ROWS", 2)
    break_database(monkeypatch)

    for number in range(3):
        writer.write(a_row(number))

    assert (writer.waiting, lost) == (2, [(1, "full")])
    assert "1 rows lost (full)" in caplog.text


@pytest.mark.django_db(transaction=True)  # by the thread
def test_the_end_of_the_process_writes_what_is_kept(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row(7))

    writer.stop(seconds=10)

    assert (counts(), writer.waiting) == ([7], 0)


def test_rows_left_at_the_end_of_the_process_are_reported(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    break_database(monkeypatch)
    writer.write(a_row())

    writer.stop(seconds=0.01)

    assert (writer.waiting, lost) == (0, [(1, "stopped")])


@pytest.mark.django_db(transaction=True)  # by the thread
def test_stopping_without_time_writes_nothing_and_ends_the_thread(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row())
    thread = writer._thread
    assert thread
    with monkeypatch.context() as patch:
        patch.setattr(thread, "join", lambda _seconds: time.sleep(0.2))  # it could write meanwhile

        writer.stop(seconds=0)

    thread.join(timeout=10)
    assert (thread.is_alive(), counts(), lost) == (False, [], [(1, "stopped")])


def test_the_end_of_the_process_does_not_wait_for_a_database_that_hangs(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    started, answer = threading.Event(), threading.Event()

    def hang(_rows: object) -> None:
        started.set()
        answer.wait(timeout=60)

    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row(1))
        writer.write(a_row(2))
    monkeypatch.setattr(writing, "_missing", list)
    monkeypatch.setattr(writing, "_insert", hang)
    thread = writer._thread
    assert thread
    began = time.monotonic()

    writer.stop(seconds=0.1)

    took = time.monotonic() - began
    assert started.is_set()
    answer.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert took < 30  # the database hangs for 60 s
    assert (writer.waiting, lost) == (0, [(2, "stopped")])


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_always_refuses_does_not_block_others(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    rows = [replace(a_row(number), created_at=NOW + number * SECOND) for number in range(250)]
    rows[3] = replace(rows[3], count=-1)  # which no column takes
    rows[120] = replace(rows[120], user_name="\ud800")  # which no driver can encode
    with monkeypatch.context() as patch:
        break_database(patch)
        for row in rows:
            writer.write(row)

    writer.retry()

    assert counts() == [number for number in range(250) if number not in {3, 120}]
    assert lost == [(1, "refused")] * 2


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_driver_refuses_is_lost_and_the_next_one_is_written(
    writer: HistoryWriter, lost: list[tuple[int, str]]
) -> None:
    taken = [writer.write(replace(a_row(1), user_name="\ud800")), writer.write(a_row(2))]

    assert (taken, counts(), lost) == ([False, True], [2], [(1, "refused")])


@pytest.mark.django_db(transaction=True)
def test_the_thread_survives_what_goes_wrong_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "RETRY_SECONDS", 0.01)
    writer = HistoryWriter()
    tries: list[int] = []

    def fail_twice(rows: Sequence[HistoryRow]) -> list[HistoryRow]:
        tries.append(1)
        if len(tries) < 3:
            raise InterfaceError
        return list(rows)

    monkeypatch.setattr(writing, "_missing", fail_twice)
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row(5))
        thread = writer._thread
    assert thread
    thread.join(timeout=10)

    assert (counts(), len(tries)) == ([5], 3)


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_the_backlog_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "RETRY_SECONDS", 0.01)
    writer = HistoryWriter()
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row(5))
        thread = writer._thread
    assert thread
    thread.join(timeout=10)

    assert (counts(), writer.waiting, thread.is_alive()) == ([5], 0, False)


def test_the_table_is_that_of_the_model() -> None:
    assert Generation._meta.db_table == writing.TABLE
