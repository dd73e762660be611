"""Find the highest key below which no row of a table can still appear.

SQLite assigns and commits keys in the same order. PostgreSQL may commit a row with a lower key
after one with a higher key. So this reads the highest key, and then waits for the transactions that
were writing at that time, like CREATE INDEX CONCURRENTLY. Writers do not wait.
"""

import time
from typing import Final

from django.db import connection
from django.db.models import Max, Model

WAIT_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.01

# An INSERT locks the table before it gets a key.
_WRITERS: Final = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND relation = %s::regclass
"""


def settled_pk(model: type[Model]) -> int | None:
    """Return a key up to which no new row of *model* can appear; 0 if there is no row.

    It is ``None`` if a transaction is still writing after ``WAIT_SECONDS``.
    """
    highest: int = model._default_manager.aggregate(highest=Max("pk"))["highest"] or 0  # noqa: SLF001  # public
    if connection.vendor != "postgresql":
        return highest
    table: str = model._meta.db_table  # noqa: SLF001  # public
    writing = _writers(table)
    deadline = time.monotonic() + WAIT_SECONDS
    while writing:
        if time.monotonic() > deadline:
            return None
        time.sleep(_POLL_SECONDS)
        writing &= _writers(table)
    return highest


def _writers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [table])
        return {transaction for (transaction,) in cursor.fetchall()}
