"""Writing the history: every caller's row is committed when the call returns, or reported lost."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, models
from django.test.utils import CaptureQueriesContext

from passwords.history import HistoryRow, HistoryWriter, writing
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
        surface="api",
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

    assert [field.name for field in fields(HistoryRow)] == columns


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


def test_those_who_wait_share_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    entered, go_on = threading.Event(), threading.Event()

    def insert(rows: list[HistoryRow]) -> DatabaseError | None:
        batches.append(len(rows))
        entered.set()
        go_on.wait(timeout=10)
        return None

    monkeypatch.setattr(writing, "_insert", insert)
    writer = HistoryWriter()

    with ThreadPoolExecutor(max_workers=6) as pool:
        first = pool.submit(writer.write, a_row())
        entered.wait(timeout=10)
        others = [pool.submit(writer.write, a_row()) for _ in range(5)]
        while len(writer._queue) < len(others):
            pass
        go_on.set()
        results = [call.result(timeout=10) for call in [first, *others]]

    assert results == [True] * 6
    assert batches == [1, 5]


@pytest.mark.django_db
def test_a_long_queue_is_written_in_bounded_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MAX_ROWS", 2)
    writer = HistoryWriter()
    writer._queue = [writing._Ticket(a_row(number), keep=True) for number in (1, 2, 3)]

    assert writer.write(a_row(4))
    assert Generation.objects.aggregate(models.Sum("count")) == {"count__sum": 10}


def test_a_database_that_fails_is_reported_to_the_caller_and_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise DatabaseError("words of the database")

    monkeypatch.setattr(connection, "cursor", fail)

    assert not HistoryWriter(retries=False).write(a_row())
    assert "1 requests not recorded (DatabaseError)" in caplog.text
    assert "words of the database" not in caplog.text


@pytest.fixture
def writer() -> HistoryWriter:
    """A writer that tries again only when it is told to."""
    return HistoryWriter(retries=False)


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
    """Let the next insert fail, until the patch is undone."""
    patch.setattr(writing, "_insert", lambda _rows: OperationalError())


def counts() -> list[int]:
    return list(Generation.objects.order_by("pk").values_list("count", flat=True))


@pytest.mark.django_db(transaction=True)  # the writer leaves a connection that failed
def test_what_the_database_did_not_take_is_written_once_it_does(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)
        taken = [writer.write(a_row(1)), writer.write(a_row(2)), writer.retry()]

    written = writer.retry()

    assert taken == [False, False, False]
    assert (written, writer.waiting) == (True, 0)


@pytest.mark.django_db
def test_what_is_kept_goes_in_oldest_first_and_once(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [replace(a_row(number), created_at=NOW + number * SECOND) for number in range(250)]
    writing._insert(rows[:3])  # the database took them, and died before it said so
    with monkeypatch.context() as patch:
        break_database(patch)
        for row in rows:
            writer.write(row)

    writer.retry()

    assert counts() == list(range(250))


@pytest.mark.django_db
def test_a_row_that_nobody_keeps_is_not_written_later(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)

        assert not writer.write(a_row(), keep=False)

    assert writer.waiting == 0


def test_what_is_kept_is_bounded_and_the_rest_is_told(
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


@pytest.mark.django_db
def test_the_end_of_the_process_writes_what_is_kept(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row(7))

    writer.stop(seconds=5)

    assert counts() == [7]


@pytest.mark.django_db
def test_the_end_of_the_process_tells_what_it_could_not_write(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    break_database(monkeypatch)
    writer.write(a_row())

    writer.stop(seconds=0.01)

    assert (writer.waiting, lost) == (0, [(1, "stopped")])


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_will_never_take_holds_up_no_other(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, lost: list[tuple[int, str]]
) -> None:
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(replace(a_row(1), count=-1))  # which no column takes
        writer.write(a_row(2))

    writer.retry()

    assert (counts(), lost) == ([2], [(1, "refused")])


def test_nobody_waits_for_a_commit_that_does_not_end(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "WAIT_SECONDS", 0.01)

    with writer._commit_lock:
        written = writer.write(a_row())

    assert (written, writer.waiting, writer._queue) == (False, 1, [])


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_the_backlog_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "RETRY_SECONDS", 0.01)
    writer = HistoryWriter()
    with monkeypatch.context() as patch:
        break_database(patch)
        writer.write(a_row(5))
        thread = writer._thread

    assert thread is not None
    thread.join(timeout=10)

    assert (counts(), writer.waiting, thread.is_alive()) == ([5], 0, False)
