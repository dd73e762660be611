"""gunicorn's threaded worker with buffered connections: no thread waits for a client.

gunicorn gives a connection to a thread when the first bytes arrive. The thread then waits for the
rest of the request, and until the client has received the response: a few slow clients can block
all threads. Here the poller receives the whole request first, and sends the rest of a response
that a client does not accept at once. Too slow clients are disconnected. See docs/adr/0028.
"""

import select
import selectors
import socket
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from giropops.middleware.security_headers import HEADERS
from giropops.server.buffered_socket import BufferedSocket

REQUEST_SECONDS: Final = 10.0
"""How long a client may take to send a request."""
RESPONSE_SECONDS: Final = 30.0
"""How long a client may take to receive a response."""
LINGER_SECONDS: Final = 2.0
"""How long to read from a client before closing its connection (RFC 9112, section 9.6)."""
STOP_SECONDS: Final = 2.0
"""How long a client may take for anything when the worker is stopping."""
BUFFER_BYTES: Final = 8 * 1024 * 1024
"""The most bytes that a worker buffers for all clients that it waits for."""

_STATUSES: Final = {
    errors.InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ParseException: HTTPStatus.BAD_REQUEST,
}
"""The status for each error; the first class that matches counts."""


def error_response(status: HTTPStatus) -> bytes:
    """Return a response that closes the connection and does not quote the request."""
    body = f"{status} {status.phrase}\n"
    lines = [
        f"HTTP/1.1 {status} {status.phrase}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        *(f"{name}: {value}" for name, value in HEADERS.items()),
    ]
    return "\r\n".join([*lines, "", body]).encode("latin-1")


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Receives requests and sends responses in the poller, and calls the app in threads."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # When to disconnect each client that the poller waits for, the longest wait first.
        self._deadlines: dict[Any, float] = {}
        # Idle or slow clients must not use up all connections.
        self._max_waiting = self.worker_connections // 2
        self.max_keepalived = self.worker_connections // 4

    def enqueue_req(self, conn: Any) -> None:
        """Give the connection to a thread if the request is complete, else wait for the rest.

        gunicorn calls this for a new connection, and when an idle one becomes readable.
        """
        if not isinstance(conn.sock, BufferedSocket):
            conn.sock = BufferedSocket(conn.sock)
            conn.data_ready = True
        client = conn.sock
        if not client.has_request():
            client.receive()
        if client.has_request():
            self._deadlines.pop(conn, None)
            super().enqueue_req(conn)
        elif client.has_ended and not client.has_received:
            self._close(conn)
        elif client.has_ended:
            self._refuse(conn, HTTPStatus.BAD_REQUEST)  # RFC 9112, section 8
        elif client.has_long_head():
            self._refuse(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            self._wait(conn, selectors.EVENT_READ, self.enqueue_req, seconds=REQUEST_SECONDS)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer in a thread; close the connection after a request whose body is not received."""
        if req.version >= (1, 1) and not any(name == "HOST" for name, _value in req.headers):
            raise errors.InvalidHeader("HOST", req=req)  # RFC 9112, section 3.2
        if conn.sock.has_unread_body:
            req.force_close()
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: BufferedSocket, addr: Any, exc: Exception) -> None:
        """Log the error and send a response; gunicorn's own page would quote the request."""
        kinds = (status for kind, status in _STATUSES.items() if isinstance(exc, kind))
        status = next(kinds, HTTPStatus.INTERNAL_SERVER_ERROR)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("Error handling request %s", getattr(req, "path", ""), exc_info=exc)
        else:
            self.log.warning("Invalid request from ip=%s (%s)", addr[0], type(exc).__name__)
        client.sendall(error_response(status))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Send the rest of the response; then handle the next request, or close."""
        if conn.sock.has_unsent:
            rest = partial(self._send_rest, fs=fs)
            self._wait(conn, selectors.EVENT_WRITE, rest, seconds=RESPONSE_SECONDS)
            return
        self._deadlines.pop(conn, None)
        if fs.cancelled() or fs.exception() or not fs.result():
            self._linger(conn)
        elif conn.sock.has_received:
            self.enqueue_req(conn)
        else:
            super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001  # gunicorn's signature
        """When the worker stops, accept the clients that wait in the kernel, and stop listening.

        Each worker has its own socket (``reuse_port``). While it is open, the kernel queues new
        clients on it. Closing it resets the connections that are still queued.
        """
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()
        last = time.monotonic() + STOP_SECONDS
        self._deadlines = {conn: min(end, last) for conn, end in self._deadlines.items()}

    def murder_pending(self) -> None:
        """Disconnect too slow clients; gunicorn calls this at least every second."""
        now = time.monotonic()
        for conn in [conn for conn, deadline in self._deadlines.items() if deadline <= now]:
            self._disconnect(conn)

    def _wait(
        self, conn: Any, event: int, callback: Callable[[Any], None], *, seconds: float
    ) -> None:
        """Call *callback* when the client has sent or received more."""

        def on_event(sock: BufferedSocket) -> None:
            if conn in self._deadlines:  # else it was disconnected after the event
                self.poller.unregister(sock)
                callback(conn)

        if not self.alive:
            seconds = min(seconds, STOP_SECONDS)
        self._deadlines.setdefault(conn, time.monotonic() + seconds)
        self.poller.register(conn.sock, event, on_event)
        self._make_room()

    def _make_room(self) -> None:
        """Disconnect the clients that wait longest while there are too many, or too many bytes."""
        while (
            len(self._deadlines) > self._max_waiting
            or sum(conn.sock.kept_bytes for conn in self._deadlines) > BUFFER_BYTES
        ):
            self._disconnect(next(iter(self._deadlines)))

    def _send_rest(self, conn: Any, *, fs: Any) -> None:
        try:
            conn.sock.flush()
        except OSError:
            self._close(conn)
            return
        self.finish_request(conn, fs)

    def _refuse(self, conn: Any, status: HTTPStatus) -> None:
        try:
            conn.sock.sendall(error_response(status))
        except OSError:
            self._close(conn)
            return
        self._linger(conn)

    def _linger(self, conn: Any) -> None:
        """Stop sending; close when the client stops too, or after LINGER_SECONDS."""
        self._deadlines.pop(conn, None)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the client has closed it
            self._close(conn)
            return
        self._drop_rest(conn)

    def _drop_rest(self, conn: Any) -> None:
        conn.sock.discard()
        if conn.sock.has_ended:
            self._close(conn)
            return
        self._wait(conn, selectors.EVENT_READ, self._drop_rest, seconds=LINGER_SECONDS)

    def _disconnect(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        conn.sock.reset()
        self._close(conn)

    def _close(self, conn: Any) -> None:
        self._deadlines.pop(conn, None)
        self.nr_conns -= 1
        conn.close()
