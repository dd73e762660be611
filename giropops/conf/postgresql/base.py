"""Limits how long a query may take without an answer from PostgreSQL.

A server that is gone is noticed (``tcp_user_timeout``), and one that is busy gives up by itself
(``lock_timeout``). A server whose host or disk is frozen does neither: without this limit each
thread of a worker would wait for it, and none be left for requests that need no database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from django.db.backends.postgresql import base

if TYPE_CHECKING:
    from psycopg.abc import PQGen

_Answer = TypeVar("_Answer")


class QueryTimeoutConnection(psycopg.Connection[Any]):
    """A connection that closes when an answer takes longer than ``query_timeout_seconds``."""

    query_timeout_seconds: float | None = None

    def wait(
        self, gen: PQGen[_Answer], interval: float = 0.1, timeout: float | None = None
    ) -> _Answer:
        """Wait for an answer.

        Raises:
            OperationalError: there was none in time, or it was an error.
        """
        try:
            return super().wait(gen, interval, timeout or self.query_timeout_seconds)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.close()  # a late answer would be taken for that of the next query
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, with the limit.

    Attributes:
        query_timeout_seconds: the limit of connections that are opened from now on. Only web
            workers set it (``gunicorn_conf.py``): a command or a migration may take its time.
    """

    query_timeout_seconds: float | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> QueryTimeoutConnection:
        """Connect; Django's own method also knows pools and isolation levels, which we do not use.

        Raises:
            OperationalError: the server does not take the connection.
        """
        connection = QueryTimeoutConnection.connect(**conn_params)
        connection.query_timeout_seconds = self.query_timeout_seconds
        return connection
