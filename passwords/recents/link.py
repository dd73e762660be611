"""One connection a thread to Redis: several commands, one round trip.

The client's own pipeline and pool cost a request more than the commands themselves: a lock
and a poll of the socket to check a connection out, and layers of hooks around every reply. Each
thread of a worker keeps one connection here, made with the pool's own settings.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis import ConnectionPool

    Command = tuple[bytes | str | int | float, ...]


class Link(Protocol):
    """Asks Redis, one server or several."""

    def ask(self, *commands: Command) -> list[Any]:
        """Send *commands* and return their replies, in order.

        Raises:
            RedisError: the server is away (``ConnectionError``, ``TimeoutError``), or it answered
                a command, or one inside ``EXEC``, with an error.
        """

    def servers(self) -> Sequence[Link]:
        """Return a link to each server that has keys; may raise ``RedisError``."""

    def hang_up(self) -> None:
        """Close what the calling thread has open: a thread that ends leaves it to the collector."""


class RedisLink:
    """Asks Redis over a connection that belongs to the calling thread.

    Args:
        pool: knows how to connect; no connection is ever checked out of it.
    """

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._local = threading.local()

    def ask(self, *commands: Command) -> list[Any]:
        """Send *commands* in one go and return their replies, in order.

        A connection that broke since it was last used (the server restarted) is replaced once. A
        time-out is not tried again: the server that did not answer in time will not now.
        """
        connection = self._connection()
        try:
            replies = _exchange(connection, commands)
        except RedisConnectionError:
            replies = _exchange(connection, commands)
        for reply in replies:
            _raise_error(reply)
        return replies

    def servers(self) -> Sequence[Link]:
        """Return this one: it is the only server."""
        return [self]

    def hang_up(self) -> None:
        """Close the calling thread's connection."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.disconnect()

    def _connection(self) -> Any:
        try:
            connection = self._local.connection
        except AttributeError:
            # Not the pool's own way to make one: it counts all that it ever made, and refuses the
            # one after its largest number, though those before it are gone with their threads.
            pool = self._pool
            connection = self._local.connection = pool.connection_class(**pool.connection_kwargs)
        return connection


def _exchange(connection: Any, commands: tuple[Command, ...]) -> list[Any]:
    """Send and receive; what breaks in between disconnects, so that no reply is left to misread."""
    # Nothing when it is connected; only this asks a Sentinel for the master.
    connection.connect()
    packed = b"".join(chunk for command in commands for chunk in connection.pack_command(*command))
    connection.send_packed_command([packed], check_health=False)
    return [_receive(connection) for _ in commands]


def _receive(connection: Any) -> Any:
    try:
        # Said outright: a connection behind Sentinel would stay open after a time-out.
        return connection.read_response(disable_decoding=True, disconnect_on_error=True)
    except ResponseError as error:
        return error  # the replies behind it are still to be read


def _raise_error(reply: Any) -> None:
    if isinstance(reply, ResponseError):
        raise reply
    if isinstance(reply, list):
        for part in reply:
            _raise_error(part)
