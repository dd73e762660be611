"""Sealing while others write: no row is left out, and no writer waits."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from passwords import audit, settling
from passwords.models import Generation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer"),
]


def _row() -> Generation:
    return Generation.objects.create(
        created_at=timezone.now(), channel="web", kind="pin", count=1, size=6, entropy_bits=20.0
    )


@pytest.fixture
def slow_writer() -> Callable[[threading.Event], threading.Thread]:
    """Start a thread that writes a row and commits it only on request."""

    def start(commit: threading.Event) -> threading.Thread:
        written = threading.Event()

        def write() -> None:
            with transaction.atomic():
                _row()
                written.set()
                commit.wait(10)
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert written.wait(10)
        return thread

    return start


def test_a_row_committed_late_is_sealed_in_its_place(
    slow_writer: Callable[[threading.Event], threading.Thread],
) -> None:
    commit = threading.Event()
    thread = slow_writer(commit)
    later = _row()  # has a higher key, and is there first
    threading.Timer(0.2, commit.set).start()

    sealed = audit.seal()

    thread.join()
    assert sealed.rows == 2
    assert list(audit.verify()) == []
    assert later.pk == max(Generation.objects.values_list("pk", flat=True))


def test_rows_are_not_sealed_while_a_transaction_writes_for_too_long(
    slow_writer: Callable[[threading.Event], threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "WAIT_SECONDS", 0.05)
    commit = threading.Event()
    thread = slow_writer(commit)

    sealed = audit.seal()

    commit.set()
    thread.join()
    assert sealed.rows == 0
    assert audit.seal().rows == 1
