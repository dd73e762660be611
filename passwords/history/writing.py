"""Writing the history: one statement and one commit for all requests that wait at that moment.

Each thread adds its row to the queue and then waits for the right to commit; whoever gets it
writes every queued row, and those that waited find their work done. While the database is well,
nothing is answered before its row is committed, and under load many rows share a commit.

When the database does not take a row within `WAIT_SECONDS`, the row is kept in the process and
written as soon as the database takes rows again. Of these there are at most `BACKLOG_ROWS` a
process; what goes beyond, or is left when the process ends, is counted as lost and logged.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError, DataError, IntegrityError, connection

from passwords.models import Generation
from passwords.signals import database_failed, history_lost, history_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

logger = logging.getLogger(__name__)

BACKLOG_ROWS: Final = 10_000
"""Some 10 MB: an outage of 100 seconds at 100 requests a second."""
WAIT_SECONDS: Final = 0.4
"""How long a request waits for a commit that others have begun."""
RETRY_SECONDS: Final = 0.5
"""How often the backlog is tried again."""
# How long SQLite waits while somebody else writes: a request, and the rest of the app (the
# timeout of its settings).
_SHORT_WAIT: Final = "PRAGMA busy_timeout = 250"
_LONG_WAIT: Final = "PRAGMA busy_timeout = 5000"

# PostgreSQL and SQLite both take far more parameters than this many rows have.
_MAX_ROWS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """What is recorded of one request; the fields are the columns of ``Generation``."""

    created_at: datetime
    user_id: int | None
    user_name: str
    owner_hash: str
    surface: str
    kind: str
    policy_id: int | None
    policy_slug: str
    policy_version: int | None
    count: int
    size: int
    entropy_bits: float
    client_address: str | None


_COLUMNS: Final = [field.name for field in fields(HistoryRow)]
_values_of: Final = attrgetter(*_COLUMNS)
_PLACEHOLDERS: Final = f"({', '.join(['%s'] * len(_COLUMNS))})"
_INSERT: Final = (
    f"INSERT INTO {Generation._meta.db_table} "  # noqa: S608, SLF001  # no value from outside
    f"({', '.join(_COLUMNS)}) VALUES "
)


class _Ticket:
    """A row in the queue, and what became of it."""

    __slots__ = ("keep", "row", "written")

    def __init__(self, row: HistoryRow, *, keep: bool) -> None:
        self.row = row
        self.keep = keep
        self.written: bool | None = None


class HistoryWriter:
    """Gives each caller its row committed, or keeps it until it can be.

    Args:
        retries: whether a thread writes the backlog; else somebody calls `retry`.
    """

    def __init__(self, *, retries: bool = True) -> None:
        self._retries = retries
        self._queue: list[_Ticket] = []
        self._queue_lock = threading.Lock()
        self._commit_lock = threading.Lock()
        self._backlog: deque[HistoryRow] = deque()
        self._backlog_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def waiting(self) -> int:
        """How many rows are kept until the database takes them."""
        return len(self._backlog)

    def write(self, row: HistoryRow, *, keep: bool = True) -> bool:
        """Add *row* to the history; return whether the database took it at once.

        Args:
            row: what to add.
            keep: whether a row that was not taken waits for a better time.
        """
        # While others wait, the database is not well: join them rather than wait for it, too.
        if keep and self._backlog:
            self._keep([row])
            return False
        ticket = _Ticket(row, keep=keep)
        with self._queue_lock:
            self._queue.append(ticket)
        if self._commit_lock.acquire(timeout=WAIT_SECONDS):
            try:
                while ticket.written is None:
                    self._commit()
            finally:
                self._commit_lock.release()
        else:
            self._withdraw(ticket)
        return bool(ticket.written)

    def retry(self) -> bool:
        """Write what is kept, oldest first; return whether nothing is left."""
        with self._commit_lock:
            while batch := self._oldest():
                if not self._write_again(batch):
                    return False
                for _ in batch:
                    self._backlog.popleft()
                self._tell_waiting()
        return True

    def stop(self, *, seconds: float) -> None:
        """Write what is kept within *seconds*; what then is left is lost, counted and logged."""
        self._stopping.set()
        deadline = time.monotonic() + seconds
        while self._backlog and time.monotonic() < deadline and not self.retry():
            time.sleep(min(RETRY_SECONDS, seconds))
        with self._backlog_lock:
            left = len(self._backlog)
            self._backlog.clear()
        if left:
            self._tell_waiting()
            _lose(left, "stopped")

    def _commit(self) -> None:
        with self._queue_lock:
            batch, self._queue = self._queue[:_MAX_ROWS], self._queue[_MAX_ROWS:]
        error = _insert([ticket.row for ticket in batch])
        if error:
            _tell(error, rows=len(batch))
            self._keep([ticket.row for ticket in batch if ticket.keep])
        for ticket in batch:
            ticket.written = error is None

    def _withdraw(self, ticket: _Ticket) -> None:
        """Give up waiting; a ticket that is being written is left to whoever writes it."""
        with self._queue_lock:
            is_queued = ticket in self._queue
            if is_queued:
                self._queue.remove(ticket)
        if is_queued and ticket.keep:
            self._keep([ticket.row])

    def _keep(self, rows: Sequence[HistoryRow]) -> None:
        with self._backlog_lock:
            kept = rows[: max(0, BACKLOG_ROWS - len(self._backlog))]
            self._backlog.extend(kept)
            if self._retries and kept and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._retry_until_done, daemon=True)
                self._thread.start()
        self._tell_waiting()
        if len(kept) < len(rows):
            _lose(len(rows) - len(kept), "full")

    def _tell_waiting(self) -> None:
        history_waiting.send(sender=HistoryWriter, rows=len(self._backlog))

    def _oldest(self) -> list[HistoryRow]:
        with self._backlog_lock:
            return list(islice(self._backlog, _MAX_ROWS))

    def _retry_until_done(self) -> None:
        """Try again and again; the thread ends with the backlog."""
        while not self._stopping.wait(RETRY_SECONDS):
            self.retry()
            with self._backlog_lock:
                if not self._backlog:
                    self._thread = None
                    connection.close()
                    return

    def _write_again(self, rows: Sequence[HistoryRow]) -> bool:
        """Write those of *rows* that are not there yet; say whether they are done with.

        The database may have died between taking a row and saying so.
        """
        try:
            known = set(
                Generation.objects.filter(
                    created_at__in=[row.created_at for row in rows]
                ).values_list("created_at", "owner_hash", "user_name")
            )
        except DatabaseError:
            connection.close()
            return False
        new = [row for row in rows if (row.created_at, row.owner_hash, row.user_name) not in known]
        error = _insert(new) if new else None
        if isinstance(error, (IntegrityError, DataError)):
            return self._write_singly(new)
        if error:
            connection.close()
        return error is None

    def _write_singly(self, rows: Sequence[HistoryRow]) -> bool:
        """Write *rows* one by one, without those that the database will never take."""
        refused = 0
        for row in rows:
            error = _insert([row])
            if isinstance(error, (IntegrityError, DataError)):
                refused += 1
            elif error:
                return False
        if refused:
            _lose(refused, "refused")
        return True


writer: Final = HistoryWriter()
"""The one of this process."""


def _tell(error: DatabaseError, *, rows: int) -> None:
    name = type(error).__name__
    logger.warning("history: %d requests not recorded (%s)", rows, name)
    database_failed.send(sender=HistoryWriter, error=name)


def _lose(rows: int, reason: str) -> None:
    logger.error("history: %d rows lost (%s)", rows, reason)
    history_lost.send(sender=HistoryWriter, rows=rows, reason=reason)


def _insert(rows: Sequence[HistoryRow]) -> DatabaseError | None:
    """Insert *rows* in one statement, which commits by itself: a fourth of what ``save`` costs.

    Returns:
        What the database had against it, if anything.
    """
    operations = connection.ops
    parameters: list[Any] = []
    for row in rows:
        parameters += _values_of(row)
        parameters[-len(_COLUMNS)] = operations.adapt_datetimefield_value(row.created_at)
        parameters[-1] = operations.adapt_ipaddressfield_value(row.client_address)
    values = ", ".join([_PLACEHOLDERS] * len(rows))
    try:
        with connection.cursor() as cursor, _Patience():
            cursor.execute(_INSERT + values, parameters)
    except DatabaseError as error:
        return error
    return None


class _Patience:
    """Lets SQLite wait for another writer no longer than a request may."""

    def __enter__(self) -> None:
        if connection.vendor == "sqlite":
            # Not through Django's cursor: that costs more than the statement.
            connection.connection.execute(_SHORT_WAIT)

    def __exit__(self, *_exc_info: object) -> None:
        if connection.vendor == "sqlite":
            connection.connection.execute(_LONG_WAIT)
