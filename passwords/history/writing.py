"""Writing the history: one INSERT a request, and a backlog while the database is away.

A request is answered after its row is committed. A row that the database does not take is kept in
the process, and a thread writes it once the database takes rows again. At most `BACKLOG_ROWS` are
kept; what goes beyond, or is left when the process ends, is counted as lost and logged.
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

from django.db import DataError, Error, IntegrityError, connection

from passwords.signals import database_failed, history_lost, history_waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

logger = logging.getLogger(__name__)

BACKLOG_ROWS: Final = 10_000
"""Some 10 MB: an outage of 100 seconds at 100 requests a second."""
RETRY_SECONDS: Final = 0.5
"""How often the backlog is tried again."""
# PostgreSQL and SQLite both take far more parameters than this many rows have.
_MAX_ROWS: Final = 100
# How long SQLite waits while another connection writes: for a request, and for everything else
# (the timeout in its settings).
_SHORT_WAIT: Final = "PRAGMA busy_timeout = 250"
_LONG_WAIT: Final = "PRAGMA busy_timeout = 5000"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """What is recorded of one request; the fields are those of ``Generation``."""

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


TABLE: Final = "passwords_generation"
"""That of ``models.Generation``: a command that writes one row does without the models."""
_FIELDS: Final = [field.name for field in fields(HistoryRow)]
_values_of: Final = attrgetter(*_FIELDS)
# The column keeps the name that the channel had at first.
_COLUMNS: Final = ["surface" if name == "channel" else name for name in _FIELDS]
_PLACEHOLDERS: Final = f"({', '.join(['%s'] * len(_COLUMNS))})"
_INSERT: Final = (
    f"INSERT INTO {TABLE} "  # noqa: S608  # no value from outside
    f"({', '.join(_COLUMNS)}) VALUES "
)


class HistoryWriter:
    """Commits each row at once, or keeps it until the database takes it."""

    def __init__(self) -> None:
        self._backlog: deque[HistoryRow] = deque()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        """Held to change the two above, never while the database is asked."""
        self._try_now = threading.Event()

    @property
    def waiting(self) -> int:
        """How many rows are kept until the database takes them."""
        return len(self._backlog)

    def write(self, row: HistoryRow, *, keep: bool = True) -> bool:
        """Add *row* to the history; return whether the database took it at once.

        Args:
            row: what to add.
            keep: whether a row that was not taken is written later.
        """
        # While rows wait, the database is away: a request must not wait for it as well.
        if keep and self._backlog:
            self._keep(row)
            return False
        try:
            _insert([row])
        except Exception as error:  # a driver has errors of its own, such as UnicodeEncodeError
            is_kept = keep and _is_temporary(error)
            _tell(error, "waits for the database" if is_kept else "not recorded")
            if is_kept:
                self._keep(row)
            elif keep:
                _lose(1, "refused")
            return False
        return True

    def retry(self) -> bool:
        """Write the backlog, oldest first; return whether nothing is left.

        Called by one thread at a time.
        """
        backlog = self._backlog  # `stop` may replace it meanwhile
        size = _MAX_ROWS
        while batch := self._oldest(backlog, size):
            try:
                _insert(_missing(batch))
            except Exception as error:
                if _is_temporary(error):
                    connection.close()
                    return False
                if len(batch) > 1:  # find the row that is refused
                    size = len(batch) // 2
                    continue
                _tell(error, "not recorded")
                _lose(1, "refused")
            with self._lock:
                for _ in batch:
                    backlog.popleft()
            self._tell_waiting()
            size = min(_MAX_ROWS, 2 * size)
        return True

    def stop(self, *, seconds: float) -> None:
        """Write the backlog within *seconds*; what is left then is lost, counted and logged.

        A batch that the database has not answered by then counts as lost.
        """
        with self._lock:
            thread = self._running_thread() if self._backlog else None
        if thread:
            self._try_now.set()
            thread.join(seconds)
        with self._lock:
            left, self._backlog = len(self._backlog), deque()
        if left:
            self._tell_waiting()
            _lose(left, "stopped")

    def _keep(self, row: HistoryRow) -> None:
        with self._lock:
            is_kept = len(self._backlog) < BACKLOG_ROWS
            if is_kept:
                self._backlog.append(row)
                self._running_thread()
        self._tell_waiting()
        if not is_kept:
            _lose(1, "full")

    def _running_thread(self) -> threading.Thread:
        """Return the thread that retries; start it if there is none. Called with the lock."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._retry_until_done, daemon=True)
            self._thread.start()
        return self._thread

    def _retry_until_done(self) -> None:
        """Retry again and again; the thread ends with the backlog."""
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

    def _tell_waiting(self) -> None:
        history_waiting.send(sender=HistoryWriter, rows=len(self._backlog))


writer: Final = HistoryWriter()
"""The one of this process."""


def _is_temporary(error: Exception) -> bool:
    """Whether the database may take the same rows later."""
    return isinstance(error, Error) and not isinstance(error, (DataError, IntegrityError))


def _tell(error: Exception, outcome: str) -> None:
    name = type(error).__name__
    logger.warning("history: a row %s (%s)", outcome, name)
    database_failed.send(sender=HistoryWriter, error=name)


def _lose(rows: int, reason: str) -> None:
    logger.error("history: %d rows lost (%s)", rows, reason)
    history_lost.send(sender=HistoryWriter, rows=rows, reason=reason)


def _missing(rows: Sequence[HistoryRow]) -> list[HistoryRow]:
    """Return those of *rows* that are not in the database.

    It may have died between taking a row and saying so.
    """
    from passwords.models import Generation  # noqa: PLC0415  # see TABLE

    found = Generation.objects.filter(created_at__in=[row.created_at for row in rows])
    known = set(found.values_list("created_at", "owner_hash", "user_name"))
    return [row for row in rows if (row.created_at, row.owner_hash, row.user_name) not in known]


def _insert(rows: Sequence[HistoryRow]) -> None:
    """Insert *rows* in one statement, which commits by itself: a fraction of what ``save`` costs.

    Raises:
        django.db.Error: the database did not take them.
    """
    if not rows:
        return
    operations = connection.ops
    parameters: list[Any] = []
    for row in rows:
        parameters += _values_of(row)
        parameters[-len(_COLUMNS)] = operations.adapt_datetimefield_value(row.created_at)
        parameters[-1] = operations.adapt_ipaddressfield_value(row.client_address)
    values = ", ".join([_PLACEHOLDERS] * len(rows))
    with connection.cursor() as cursor, _short_busy_timeout():
        cursor.execute(_INSERT + values, parameters)


@contextmanager
def _short_busy_timeout() -> Iterator[None]:
    """Let SQLite wait for another writer no longer than a request may."""
    if connection.vendor != "sqlite":
        yield
        return
    # Not through Django's cursor: that costs more than the statement.
    sqlite = connection.connection
    sqlite.execute(_SHORT_WAIT)
    try:
        yield
    finally:
        sqlite.execute(_LONG_WAIT)
