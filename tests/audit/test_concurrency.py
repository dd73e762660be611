"""Pruning between any two statements of sealing and verifying: the chain still holds."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from passwords import audit
from passwords.audit import sealing
from passwords.models import Generation, Seal

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


def _row(*, days_ago: int) -> Generation:
    return Generation.objects.create(
        created_at=timezone.now() - days_ago * DAY,
        channel="web",
        kind="pin",
        count=1,
        size=6,
        entropy_bits=20.0,
    )


@pytest.fixture(autouse=True)
def _sealed_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seals of old rows, which can be pruned."""
    monkeypatch.setattr(sealing, "ROWS_PER_SEAL", 4)
    for _ in range(8):
        _row(days_ago=9)
    audit.seal()
    assert Seal.objects.count() == 2


def _prune() -> None:
    """Prune as another process does; the database may be locked by the one that is tested."""
    with suppress(DatabaseError):
        audit.prune(timezone.now() - 5 * DAY)
    connection.close()


@contextmanager
def _pruning_before(number: int) -> Iterator[None]:
    """Prune, on another connection, right before the statement of that *number*."""
    seen = 0

    def watch(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            thread = threading.Thread(target=_prune)
            thread.start()
            thread.join(timeout=30)
        return execute(*arguments)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize("number", range(1, 17))
def test_pruning_while_sealing_leaves_a_chain_that_holds(number: int) -> None:
    _row(days_ago=1)
    with _pruning_before(number), suppress(DatabaseError):
        head = audit.seal().digest

        assert list(audit.verify(head=head)) == []

    audit.seal()
    assert list(audit.verify()) == []
    assert audit.unsealed_rows() == 0


@pytest.mark.parametrize("number", range(1, 13))
def test_pruning_while_verifying_is_no_fault(number: int) -> None:
    _row(days_ago=1)
    audit.seal()

    with _pruning_before(number):
        findings = list(audit.verify())

    assert findings == []
