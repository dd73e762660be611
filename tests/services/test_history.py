"""Writing the history: every caller's row is committed when the call returns, or reported lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, connections, models
from django.test.utils import CaptureQueriesContext

from passwords import history
from passwords.history import HistoryRow, HistoryWriter
from passwords.models import Generation

NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)


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

    def insert(rows: list[HistoryRow]) -> bool:
        batches.append(len(rows))
        entered.set()
        return go_on.wait(timeout=10)

    monkeypatch.setattr(history, "_insert", insert)
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
    monkeypatch.setattr(history, "_MAX_ROWS", 2)
    writer = HistoryWriter()
    writer._queue = [history._Ticket(a_row(number)) for number in (1, 2, 3)]

    assert writer.write(a_row(4))
    assert Generation.objects.aggregate(models.Sum("count")) == {"count__sum": 10}


def test_a_database_that_fails_is_reported_to_the_caller_and_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise DatabaseError("words of the database")

    monkeypatch.setattr(connection, "cursor", fail)

    assert not HistoryWriter().write(a_row())
    assert "1 requests not recorded (DatabaseError)" in caplog.text
    assert "words of the database" not in caplog.text
