"""What has expired is deleted, what has not stays, and one process a day does it."""

import fcntl
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from passwords import audit, pruning
from passwords.audit import verify
from passwords.models import ApiToken, AuditEntry, Generation

pytestmark = pytest.mark.django_db


def add_rows(*, days_ago: float) -> None:
    """Add a row of each kind that expires."""
    then = timezone.now() - timedelta(days=days_ago)
    Generation.objects.create(
        created_at=then, channel="web", kind="pin", count=1, size=6, entropy_bits=20.0
    )
    AuditEntry.objects.create(created_at=then, channel="admin", action="signed-in")
    Session.objects.create(
        session_key=f"session-{days_ago}", session_data="", expire_date=then + timedelta(days=1)
    )
    AccessAttempt.objects.create(username=f"tried-{days_ago}", failures_since_start=1)
    AccessFailureLog.objects.create(username=f"tried-{days_ago}")
    AccessLog.objects.create(username=f"tried-{days_ago}")
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(username=f"tried-{days_ago}").update(attempt_time=then)


def count_rows() -> dict[str, int]:
    models = (Generation, Session, AccessAttempt, AccessFailureLog, AccessLog)
    return {model.__name__: model.objects.count() for model in models}


def test_everything_that_has_expired_is_deleted_and_nothing_else() -> None:
    add_rows(days_ago=400)
    add_rows(days_ago=0)
    audit.seal()

    pruned = pruning.prune(seconds=60)

    assert (pruned.history, pruned.audit, pruned.sessions, pruned.attempts) == (1, 1, 1, 3)
    assert pruned.is_complete
    assert set(count_rows().values()) == {1}
    assert list(verify()) == []


def test_history_outlives_sessions_and_attempts(settings: Settings) -> None:
    settings.HISTORY_RETENTION_DAYS = 30
    add_rows(days_ago=20)

    pruning.prune(seconds=60)

    kept = {name for name, rows in count_rows().items() if rows}
    assert kept == {"Generation"}


def test_tokens_outlive_their_end_as_long_as_the_audit_that_names_them() -> None:
    user = User.objects.create_user("ana")
    now = timezone.now()
    for name, revoked, expires in [
        ("valid", None, 1),
        ("expired", None, -364),
        ("revoked", -364, 1),
        ("expired long ago", None, -366),
        ("revoked long ago", -366, 1),
    ]:
        ApiToken.objects.create(
            digest=name,
            name=name,
            user=user,
            created_at=now - timedelta(days=366),
            expires_at=now + timedelta(days=expires),
            revoked_at=now + timedelta(days=revoked) if revoked else None,
        )

    pruned = pruning.prune(seconds=60)

    assert pruned.tokens == 2
    names = ApiToken.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["expired", "revoked", "valid"]


def test_many_rows_go_in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit.pruning, "_ROWS_AT_ONCE", 3)
    for number in range(10):
        add_rows(days_ago=400 + number)

    pruned = pruning.prune(seconds=60)

    assert (pruned.sessions, pruned.attempts) == (10, 30)


def test_without_time_nothing_is_deleted_and_the_chain_holds() -> None:
    add_rows(days_ago=400)
    audit.seal()

    pruned = pruning.prune(seconds=0)

    assert not pruned.is_complete
    assert set(count_rows().values()) == {1}
    assert list(verify()) == []
    assert pruning.prune(seconds=60).history == 1
    assert list(verify()) == []


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with the time of the last pruning."""
    path = tmp_path / "app.sqlite3.pruned"
    monkeypatch.setattr(pruning, "_mark_path", lambda: path)
    return path


def test_the_server_prunes_once_a_day(mark: Path) -> None:
    add_rows(days_ago=400)

    first, second = pruning.prune_daily(), pruning.prune_daily()
    yesterday = time.time() - 86_401
    os.utime(mark, (yesterday, yesterday))
    third = pruning.prune_daily()

    assert (first, second, third) == (True, False, True)
    assert set(count_rows().values()) == {0}


def test_of_several_workers_one_prunes(mark: Path) -> None:
    with mark.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        assert pruning.prune_daily() is False

    assert pruning.prune_daily() is True


def test_a_clock_that_was_set_back_does_not_stop_pruning(mark: Path) -> None:
    pruning.prune_daily()
    tomorrow = time.time() + 86_400
    os.utime(mark, (tomorrow, tomorrow))

    assert pruning.prune_daily() is True


def test_what_one_run_leaves_the_next_one_deletes(
    mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rows(days_ago=400)
    monkeypatch.setattr(pruning, "DAILY_SECONDS", 0.0)
    pruning.prune_daily()
    monkeypatch.setattr(pruning, "DAILY_SECONDS", 60.0)

    assert pruning.prune_daily() is True
    assert mark.stat().st_size > 0
    assert set(count_rows().values()) == {0}


def test_a_database_in_memory_or_on_a_server_is_not_pruned_by_the_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "file:x?mode=memory&cache=shared")

    assert pruning.prune_daily() is False
