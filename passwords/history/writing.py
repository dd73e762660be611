"""Write the history: one INSERT for each request, and a backlog while the database is down.

A request is answered after its row is committed. If the database does not accept the row, the
process keeps it, and a thread writes it later. At most `BACKLOG_ROWS` are kept. Rows beyond that,
and rows that are left when the process ends, are lost: they are counted and logged.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from django.db import DEFAULT_DB_ALIAS, DataError, Error, IntegrityError, connection, connections

from passwords.signals import database_failed, history_lost, history_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

BACKLOG_ROWS: Final = 10_000
"""About 10 MB: an outage of 100 seconds at 100 requests a second."""
RETRY_SECONDS: Final = 0.5
"""The time between two attempts to write the backlog."""
# Rows in one statement; PostgreSQL and SQLite accept far more parameters than these have.
_MAX_ROWS: Final = 100
# Milliseconds that SQLite waits while another connection writes: for a request, and otherwise (as
# SQLITE_BUSY_TIMEOUT_SECONDS).
_SHORT_WAIT: Final = "PRAGMA busy_timeout = 250"
_LONG_WAIT: Final = "PRAGMA busy_timeout = 5000"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A row of the history; the fields are those of ``Generation``."""

    created_at: datetime
    user_id: int | None
    user_name: str
    owner_hash: str
    channel: str
    kind: str
    policy_id: int | None
    policy_slug: str
    policy_version: int | None
    count: int
    size: int
    entropy_bits: float
    client_address: str | None
    draft_id: UUID | None = None


TABLE: Final = "passwords_generation"
"""The table of ``models.Generation``, which `manage.py generate` does not import."""
_FIELDS: Final = [field.name for field in fields(HistoryRow)]
_values_of: Final = attrgetter(*_FIELDS)
# The column still has the earlier name of the channel.
_COLUMNS: Final = ["surface" if name == "channel" else name for name in _FIELDS]
_PLACEHOLDERS: Final = f"({', '.join(['%s'] * len(_COLUMNS))})"
_INSERT: Final = (
    f"INSERT INTO {TABLE} "  # noqa: S608  # no value from outside
    f"({', '.join(_COLUMNS)}) VALUES "
)
# A draft has one row, whoever writes it first. The index is `one_row_a_draft`.
_ONCE: Final = " ON CONFLICT (draft_id) WHERE draft_id IS NOT NULL DO NOTHING"


class DraftRecordedError(Exception):
    """The history has a row of this draft already."""


class HistoryWriter:
    """Writes each row at once, or keeps it until the database accepts it."""

    def __init__(self) -> None:
        self._backlog: deque[HistoryRow] = deque()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        """Guards the two above; it is never held during a query."""
        self._try_now = threading.Event()

    @property
    def waiting(self) -> int:
        """How many rows are in the backlog."""
        return len(self._backlog)

    def write(self, row: HistoryRow, *, keep: bool = True) -> bool:
        """Add *row* to the history; return whether the database accepted it.

        Raises:
            DraftRecordedError: the history has a row of the same draft.

        Args:
            row: the row to add.
            keep: whether to write the row later if the database does not accept it now.
        """
        # With a backlog the database is down: the request must not wait for it.
        if keep and self._backlog:
            self._keep(row)
            return False
        try:
            added = _insert([row])
        except Exception as error:  # drivers raise other errors too, such as UnicodeEncodeError
            is_kept = keep and _is_temporary(error)
            _report(error, "waits for the database" if is_kept else "not recorded")
            if is_kept:
                self._keep(row)
            elif keep:
                _count_lost(1, "refused")
            return False
        if not added:
            raise DraftRecordedError
        return True

    def retry(self) -> bool:
        """Write the backlog, oldest first; return whether it is empty now.

        Only one thread may call this at a time.
        """
        backlog = self._backlog  # `stop` may replace it
        size = _MAX_ROWS
        while batch := self._oldest(backlog, size):
            try:
                _insert(_missing(batch))
            except Exception as error:
                if _is_temporary(error):
                    connection.close()
                    return False
                if len(batch) > 1:  # halve the batch, to find the bad row
                    size = len(batch) // 2
                    continue
                _report(error, "not recorded")
                _count_lost(1, "refused")
            with self._lock:
                for _ in batch:
                    backlog.popleft()
            self._report_waiting()
            size = min(_MAX_ROWS, 2 * size)
        return True

    def stop(self, *, seconds: float) -> None:
        """Write the backlog within *seconds*; rows that are left then are lost.

        So are the rows of a statement that is still running.
        """
        with self._lock:
            thread = self._running_thread() if self._backlog and seconds > 0 else None
        if thread:
            self._try_now.set()
            thread.join(seconds)
        with self._lock:
            left, self._backlog = len(self._backlog), deque()
        self._try_now.set()  # the thread finds nothing to write, and ends
        if left:
            self._report_waiting()
            _count_lost(left, "stopped")

    def _keep(self, row: HistoryRow) -> None:
        with self._lock:
            is_kept = len(self._backlog) < BACKLOG_ROWS
            if is_kept:
                self._backlog.append(row)
                self._running_thread()
        self._report_waiting()
        if not is_kept:
            _count_lost(1, "full")

    def _running_thread(self) -> threading.Thread:
        """Return the thread that retries, started if necessary. The caller holds the lock."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._retry_until_done, daemon=True)
            self._thread.start()
        return self._thread

    def _retry_until_done(self) -> None:
        """Retry until the backlog is empty."""
        while not self._is_done():
            self._try_now.wait(RETRY_SECONDS)
            self._try_now.clear()
            self.retry()
        connection.close()

    def _is_done(self) -> bool:
        with self._lock:
            if not self._backlog:
                self._thread = None
            return self._thread is None

    def _oldest(self, backlog: deque[HistoryRow], size: int) -> list[HistoryRow]:
        with self._lock:
            return list(islice(backlog, size))

    def _report_waiting(self) -> None:
        history_waiting.send(sender=HistoryWriter, rows=len(self._backlog))


writer: Final = HistoryWriter()
"""The writer of this process."""


def _is_temporary(error: Exception) -> bool:
    """Whether the database may accept the same rows later."""
    return isinstance(error, Error) and not isinstance(error, (DataError, IntegrityError))


def _report(error: Exception, outcome: str) -> None:
    name = type(error).__name__
    logger.warning("history: a row %s (%s)", outcome, name)
    database_failed.send(sender=HistoryWriter, error=name)


def _count_lost(rows: int, reason: str) -> None:
    logger.error("history: %d rows lost (%s)", rows, reason)
    history_lost.send(sender=HistoryWriter, rows=rows, reason=reason)


def _missing(rows: Sequence[HistoryRow]) -> list[HistoryRow]:
    """Return those of *rows* that are not in the database.

    The database may have failed after it committed a row and before it answered.
    """
    from passwords.models import Generation  # noqa: PLC0415  # see TABLE

    found = Generation.objects.filter(created_at__in=[row.created_at for row in rows])
    known = set(found.values_list("created_at", "owner_hash", "user_name"))
    return [row for row in rows if (row.created_at, row.owner_hash, row.user_name) not in known]


def _insert(rows: Sequence[HistoryRow]) -> int:
    """Insert *rows* in one statement, which commits itself: much faster than ``save``.

    Returns:
        How many were added: not those of a draft that has a row.

    Raises:
        django.db.Error: the database did not accept them.
    """
    if not rows:
        return 0
    database = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up anew for each attribute
    parameters: list[Any] = []
    for row in rows:
        parameters += _values_of(row)
        parameters[-len(_COLUMNS)] = database.ops.adapt_datetimefield_value(row.created_at)
        parameters[-2] = database.ops.adapt_ipaddressfield_value(row.client_address)
        parameters[-1] = row.draft_id and row.draft_id.hex
    values = ", ".join([_PLACEHOLDERS] * len(rows))
    with database.cursor() as cursor, _short_busy_timeout(database):
        cursor.execute(_INSERT + values + _ONCE, parameters)
        return int(cursor.rowcount)


@contextmanager
def _short_busy_timeout(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Limit the time that SQLite waits for another writer."""
    if database.vendor != "sqlite":
        yield
        return
    # Django's cursor would take longer than the statement itself.
    sqlite = database.connection
    sqlite.execute(_SHORT_WAIT)
    try:
        yield
    finally:
        sqlite.execute(_LONG_WAIT)
