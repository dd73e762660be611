"""gunicorn's threaded worker with buffered connections: no thread waits for a client.

gunicorn gives a connection to a thread as soon as its first bytes are there. The thread then waits
for the rest of the request, and for the client to take the response: a few slow clients would hold
all threads. Here the poller receives the whole request first, and sends what a client does not
take at once. Clients that take too long are disconnected. See docs/adr/0028.
"""

from __future__ import annotations

import select
import selectors
import socket
import time
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from giropops.middleware.security_headers import HEADERS
from giropops.server.buffered_socket import BufferedSocket

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST_SECONDS: Final = 10.0
"""How long a client may take to send a request."""
RESPONSE_SECONDS: Final = 30.0
"""How long a client may take to receive a response."""
LINGER_SECONDS: Final = 2.0
"""How long a client may still send when the connection is being closed (RFC 9112, section 9.6)."""
STOP_SECONDS: Final = 2.0
"""How long a client may take for anything once the worker has been told to stop."""
BUFFER_BYTES: Final = 8 * 1024 * 1024
"""How much a worker keeps for all clients that it waits for."""

_STATUSES: Final = {
    errors.InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ParseException: HTTPStatus.BAD_REQUEST,
}
"""What the client is told of each error; the first class that fits counts."""


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
        # Until when the poller waits for each client, the longest wait first.
        self._deadlines: dict[Any, float] = {}
        # Neither idle nor slow clients may fill the worker: others must find room.
        self._max_waiting = self.worker_connections // 2
        self.max_keepalived = self.worker_connections // 4

    def enqueue_req(self, conn: Any) -> None:
        """Give the connection to a thread if a whole request is there; else wait for the rest.

        gunicorn calls this when a connection is new, and when an idle one becomes readable.
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
        """Answer in a thread, and keep no connection on which a body comes that nobody reads."""
        if req.version >= (1, 1) and not any(name == "HOST" for name, _value in req.headers):
            raise errors.InvalidHeader("HOST", req=req)  # RFC 9112, section 3.2
        if conn.sock.has_unread_body:
            req.force_close()
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: BufferedSocket, addr: Any, exc: Exception) -> None:
        """Log the error and answer it; gunicorn's own page would quote the request."""
        kinds = (status for kind, status in _STATUSES.items() if isinstance(exc, kind))
        status = next(kinds, HTTPStatus.INTERNAL_SERVER_ERROR)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("Error handling request %s", getattr(req, "path", ""), exc_info=exc)
        else:
            self.log.warning("Invalid request from ip=%s (%s)", addr[0], type(exc).__name__)
        client.sendall(error_response(status))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Send the rest of the response; then go on to the next request, or close."""
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
        """Stop listening where the worker stops, and answer those whom the kernel let in before.

        Each worker has a socket of its own (``reuse_port``). As long as it is there the kernel
        lines new clients up at it, and when it is closed at last it turns them away.
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
        """Disconnect clients that take too long; gunicorn calls this at least every second."""
        now = time.monotonic()
        for conn in [conn for conn, deadline in self._deadlines.items() if deadline <= now]:
            self._disconnect(conn)

    def _wait(self, conn: Any, event: int, go_on: Callable[[Any], None], *, seconds: float) -> None:
        """Call *go_on* when the client has sent or taken more."""

        def on_event(sock: BufferedSocket) -> None:
            if conn in self._deadlines:  # else disconnected since the poller saw the event
                self.poller.unregister(sock)
                go_on(conn)

        if not self.alive:
            seconds = min(seconds, STOP_SECONDS)
        self._deadlines.setdefault(conn, time.monotonic() + seconds)
        self.poller.register(conn.sock, event, on_event)
        self._make_room()

    def _make_room(self) -> None:
        """Disconnect those who wait longest while too many wait or too much is kept for them."""
        while len(self._deadlines) > self._max_waiting or self._kept_bytes() > BUFFER_BYTES:
            self._disconnect(next(iter(self._deadlines)))

    def _kept_bytes(self) -> int:
        return sum(conn.sock.kept_bytes for conn in self._deadlines)

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
        """Send no more, and close when the client has sent all it wants to, or takes too long."""
        self._deadlines.pop(conn, None)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the client was faster
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
