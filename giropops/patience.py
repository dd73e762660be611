"""How long a worker waits for a PostgreSQL that took a question and says nothing.

A server that is gone is noticed (``tcp_user_timeout``), and one that is busy gives up by itself
(``lock_timeout``). One that is frozen, by its host or its disk, does neither: sooner or later every
thread would wait for it, and nobody be left for those who need no database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
from django.db.backends.signals import connection_created

from giropops.conf.stores import DATABASE_CONNECT_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from psycopg.abc import PQGen

ANSWER_SECONDS: Final = float(DATABASE_CONNECT_TIMEOUT_SECONDS)
"""How long an answer may take: as long as connecting may."""

_Answer = TypeVar("_Answer")


class ImpatientConnection(psycopg.Connection[Any]):
    """Is closed, as by a server that went, when an answer takes longer than it may."""

    def wait(
        self, gen: PQGen[_Answer], interval: float = 0.1, timeout: float | None = None
    ) -> _Answer:
        """Wait for an answer.

        Raises:
            OperationalError: there was none in time, or it was an error.
        """
        try:
            return super().wait(gen, interval, timeout or ANSWER_SECONDS)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.close()  # or what comes late would be taken for the next answer
            raise


def lose_patience() -> None:
    """Let each connection of this process from now on wait no longer than that."""
    connection_created.connect(_change, dispatch_uid="giropops.patience")


def _change(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    # Django has no setting for the class of a connection.
    connection.connection.__class__ = ImpatientConnection
