"""Django's PostgreSQL backend with a limit on the time of a query.

``tcp_user_timeout`` covers a server that is gone, and ``lock_timeout`` one that waits for a lock.
Neither covers a server whose host or disk is frozen: without this limit all threads of a worker
would wait for it, also those for requests without the database.
"""

from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import PQGen

_Answer = TypeVar("_Answer")


class QueryTimeoutConnection(psycopg.Connection[Any]):
    """A connection that closes when a query takes longer than ``query_timeout_seconds``."""

    query_timeout_seconds: float | None = None

    def wait(
        self, gen: PQGen[_Answer], interval: float = 0.1, timeout: float | None = None
    ) -> _Answer:
        """Wait for the result of a query; OperationalError if there is none in time."""
        try:
            return super().wait(gen, interval, timeout or self.query_timeout_seconds)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.close()  # or the next query would get the late result of this one
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection, with the limit."""

    query_timeout_seconds: float | None = None
    """Only web workers set it (``gunicorn_conf.py``): commands and migrations have no limit."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> QueryTimeoutConnection:
        """Connect. Pools and isolation levels, which Django supports here, are not used."""
        connection = QueryTimeoutConnection.connect(**conn_params)
        connection.query_timeout_seconds = self.query_timeout_seconds
        return connection
