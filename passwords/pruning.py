"""Delete expired data: history, audit, one-time links, API tokens, sessions, sign-in attempts."""

import fcntl
import os
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from passwords import services, sharing
from passwords.accounts import tokens
from passwords.audit.pruning import delete_in_batches
from passwords.models import Journal

DAILY_SECONDS: Final = 20.0
"""The time limit of one run in the server; the next run, 30 s later, deletes the rest."""
_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows of each kind were deleted, and whether all expired rows were."""

    history: int
    audit: int
    sessions: int
    attempts: int
    links: int
    tokens: int
    is_complete: bool


def prune(*, seconds: float) -> Pruned:
    """Delete expired data in small transactions, within about *seconds*."""
    deadline = time.monotonic() + seconds
    now = timezone.now()
    cooled_off = now - settings.AXES_COOLOFF_TIME
    sessions = delete_in_batches(Session.objects.filter(expire_date__lt=now), deadline)
    attempts = sum(
        delete_in_batches(model.objects.filter(attempt_time__lt=cooled_off), deadline)
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    )
    sharing.end_expired()
    links = delete_in_batches(sharing.old_receipts(), deadline)
    retention = timedelta(days=settings.HISTORY_RETENTION_DAYS)
    ended_tokens = delete_in_batches(tokens.ended_before(now - retention), deadline)
    rows = services.prune_history(days=settings.HISTORY_RETENTION_DAYS, deadline=deadline)
    return Pruned(
        history=rows[Journal.HISTORY],
        audit=rows[Journal.AUDIT],
        sessions=sessions,
        attempts=attempts,
        links=links,
        tokens=ended_tokens,
        is_complete=time.monotonic() < deadline,
    )


def prune_daily() -> bool:
    """Prune a database in a file once a day, in one process; return whether this process did.

    The process that prunes locks a file beside the database. The file's modification time is the
    end of the last complete run. For a database server, run ``manage.py prune``.
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
        # A time in the future means that the clock was set back.
        if state.st_size and 0 <= time.time() - state.st_mtime < _DAY_SECONDS:
            return False
        if prune(seconds=DAILY_SECONDS).is_complete:
            mark.truncate(0)
            mark.write("The time of change of this file is when giropops last pruned.\n")
    return True


def _mark_path() -> Path | None:
    """Return the path of that file, or ``None`` if the database is not a file."""
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and "mode=memory" not in name
    return Path(f"{name}.pruned") if is_file else None
