"""Deleting what has expired: old history and audit rows, sessions, sign-in attempts."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from passwords import services
from passwords.models import Journal

if TYPE_CHECKING:
    from django.db.models import QuerySet

DAILY_SECONDS: Final = 20.0
"""How long one run of the server's own pruning may take; the rest follows half a minute later."""
_DAY_SECONDS: Final = 86_400
_ROWS_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was deleted: how many of each, and whether nothing is left."""

    history: int
    audit: int
    sessions: int
    attempts: int
    is_complete: bool


def prune(*, seconds: float) -> Pruned:
    """Delete everything that has expired, in small transactions, within about *seconds*."""
    deadline = time.monotonic() + seconds
    now = timezone.now()
    cooled_off = now - settings.AXES_COOLOFF_TIME
    sessions = _delete(Session.objects.filter(expire_date__lt=now), deadline)
    attempts = sum(
        _delete(model.objects.filter(attempt_time__lt=cooled_off), deadline)
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    )
    rows = services.prune_history(days=settings.HISTORY_RETENTION_DAYS, deadline=deadline)
    return Pruned(
        history=rows[Journal.HISTORY],
        audit=rows[Journal.AUDIT],
        sessions=sessions,
        attempts=attempts,
        is_complete=time.monotonic() < deadline,
    )


def prune_daily() -> bool:
    """Prune a database in a file once a day, in one of its processes; return whether this did.

    A file beside the database is locked by the process that prunes. Its time of change is when
    pruning last came to an end. A database server is pruned by ``manage.py prune``.
    """
    path = _mark_path()
    if path is None:
        return False
    with path.open("a", encoding="ascii") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        state = os.fstat(mark.fileno())
        # A time in the future is that of a clock that was set back since.
        if state.st_size and 0 <= time.time() - state.st_mtime < _DAY_SECONDS:
            return False
        if prune(seconds=DAILY_SECONDS).is_complete:
            mark.truncate(0)
            mark.write("The time of change of this file is when giropops last pruned.\n")
    return True


def _mark_path() -> Path | None:
    """Return the file that says when the database was pruned, if it is a file itself."""
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and "mode=memory" not in name
    return Path(f"{name}.pruned") if is_file else None


def _delete(rows: QuerySet[Any], deadline: float) -> int:
    deleted = 0
    while time.monotonic() < deadline:
        keys = list(rows.values_list("pk", flat=True)[:_ROWS_AT_ONCE])
        if not keys:
            break
        rows.filter(pk__in=keys).delete()  # without those that were renewed meanwhile
        deleted += len(keys)
    return deleted
