"""gunicorn's threaded worker, whose threads and whose poller never wait for a slow client.

gunicorn gives a connection to a thread as soon as its first bytes are there, and the thread then
waits for the rest: a few clients that send a byte now and then would hold all of them. Here the
poller waits until the whole head of a request is there, and its body as far as the app takes one.
The kernel is told to wake the poller only when more has come (SO_RCVLOWAT), so that waiting costs
nothing. Who has not sent a whole request in time is hung up on.

gunicorn's poller, in turn, waits for the client of each connection that it closes: up to two
seconds, in which nobody is served. Here it reads and drops what such a client still sends among
its other work, so that the answer is not lost to a reset (RFC 9112, section 9.6).
"""

from __future__ import annotations

import re
import select
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST_SECONDS: Final = 10.0
"""How long a client may take to send a request."""
STOP_SECONDS: Final = 1.0
"""The same when the worker has been told to stop."""
_BODY_BYTES: Final = 64 * 1024
"""The largest body that the app takes; longer ones are a thread's to refuse."""
_PEEK_BYTES: Final = _BODY_BYTES + 32 * 1024
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d+)[ \t]*\r\n", re.IGNORECASE)
_LENGTH_DIGITS: Final = len(str(_BODY_BYTES))
_IN_CHUNKS: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_ASKS_TO_GO_ON: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_GO_ON: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)


def is_whole(received: bytes) -> bool:
    """Say whether a thread can answer without waiting for the client, or has to refuse at once."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    found = _LENGTH.search(head + b"\r\n")
    if found is None or _IN_CHUNKS.search(head):
        return True
    return len(found[1]) > _LENGTH_DIGITS or not len(body) < int(found[1]) <= _BODY_BYTES


def _asks_to_go_on(received: bytes) -> bool:
    """Say whether the client waits for a word before it sends the body (RFC 9110, 10.1.1)."""
    head, end, _body = received.partition(b"\r\n\r\n")
    return bool(end) and _ASKS_TO_GO_ON.search(head + b"\r\n") is not None


def _say(sock: socket.socket, line: bytes) -> None:
    with suppress(OSError):  # who is gone, or takes no more, need not hear it
        sock.send(line)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Waits for whole requests in the poller."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._buffer = bytearray(_PEEK_BYTES)
        # When each connection that has begun a request must have sent all of it.
        self._deadlines: dict[Any, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Give the connection to a thread if its request is there; else wait for the rest.

        gunicorn calls this when a connection is new, and whenever it becomes readable.
        """
        sock = conn.sock
        sock.setblocking(False)  # noqa: FBT003  # socket's signature
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            super().enqueue_req(conn)  # a body was read past its end, into this next request
            return
        try:
            count = sock.recv_into(self._buffer, 0, socket.MSG_PEEK)
        except BlockingIOError:
            self._wait(conn, received=0)
            return
        except OSError:
            count = 0  # broken: the thread will see, and close it
        has_more = count > getattr(conn, "peeked", 0)  # or the client is done sending
        received = bytes(memoryview(self._buffer)[:count])
        if has_more and not is_whole(received):
            if count == _PEEK_BYTES:
                _say(sock, _TOO_LARGE)
                self._linger(conn)
                return
            if not getattr(conn, "told_to_go_on", False) and _asks_to_go_on(received):
                conn.told_to_go_on = True
                _say(sock, _GO_ON)
            self._wait(conn, received=count)
            return
        if getattr(conn, "peeked", 0):
            conn.peeked = 0
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        self._deadlines.pop(conn, None)
        conn.data_ready = True
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer in a thread, and keep no connection on which a body comes that nobody reads.

        Only the poller tells a client to go on: with the body there it need not be told again.
        """
        req._expected_100_continue = False  # noqa: SLF001  # gunicorn has no other switch
        conn.told_to_go_on = False
        headers = dict(req.headers)
        in_chunks = "TRANSFER-ENCODING" in headers
        if in_chunks or int(headers.get("CONTENT-LENGTH", 0)) > _BODY_BYTES:
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Close a connection that is done with, without waiting for its client."""
        if not fs.cancelled() and fs.exception() is None and fs.result() is False:
            self._linger(conn)
            return
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

    def murder_pending(self) -> None:
        """Hang up on those who take too long; gunicorn calls this every second."""
        super().murder_pending()
        for conn in list(self._late()):
            self.poller.unregister(conn.sock)
            self._close(conn)

    def _wait(self, conn: Any, *, received: int) -> None:
        conn.peeked = received
        if received:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, received + 1)
        self._deadlines.setdefault(conn, time.monotonic() + REQUEST_SECONDS)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_more, conn))

    def _on_more(self, conn: Any, sock: socket.socket) -> None:
        self.poller.unregister(sock)
        self.enqueue_req(conn)

    def _linger(self, conn: Any) -> None:
        """Send no more, and close when the client has sent all it wants to, or takes too long."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)  # noqa: FBT003  # socket's signature
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        except OSError:  # the client was faster
            self._close(conn)
            return
        self._deadlines[conn] = time.monotonic() + REQUEST_SECONDS
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_rest, conn))

    def _on_rest(self, conn: Any, sock: socket.socket) -> None:
        try:
            if sock.recv_into(self._buffer):
                return
        except BlockingIOError:
            return
        except OSError:
            pass  # broken: there is nothing to wait for
        self.poller.unregister(sock)
        self._close(conn)

    def _close(self, conn: Any) -> None:
        self._deadlines.pop(conn, None)
        self.nr_conns -= 1
        conn.close()

    def _late(self) -> Iterator[Any]:
        """Yield whom to wait for no longer: when the worker stops, that is a second."""
        now = time.monotonic()
        patience = REQUEST_SECONDS - STOP_SECONDS if not self.alive else 0.0
        for conn, deadline in self._deadlines.items():
            if deadline - patience <= now:
                yield conn


def write_error(sock: socket.socket, status: int, reason: str, _message: str) -> None:
    """Answer what gunicorn refuses by itself: under our headers, and without quoting the request.

    It takes the place of gunicorn's own function, whose page repeats what was wrong.
    """
    from giropops.middleware.security_headers import HEADERS  # noqa: PLC0415  # needs the settings

    body = f"{status} {reason}\n"
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        *(f"{name}: {value}" for name, value in HEADERS.items()),
    ]
    util.write_nonblock(sock, "\r\n".join([*lines, "", body]).encode("latin-1"))


util.write_error = write_error
