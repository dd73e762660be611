"""A buffered connection: reading a request and writing a response never wait for the client."""

import os
import re
import socket
import struct
from contextlib import suppress
from typing import IO, Final

HEAD_BYTES: Final = 32 * 1024
"""The largest request head that is received."""
BODY_BYTES: Final = 64 * 1024
"""The largest request body that is received; the app refuses larger ones without reading them."""
STREAM_BYTES: Final = 1024 * 1024
"""The most of a response that is buffered; beyond it a streamed response waits for its client."""
STREAM_SECONDS: Final = 10.0
"""How long a client may take to receive such a buffer."""

_READ_BYTES: Final = 64 * 1024
_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d+)[ \t]*\r\n", re.IGNORECASE)
_LENGTH_DIGITS: Final = len(str(BODY_BYTES))
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_RESET: Final = struct.pack("ii", 1, 0)


def body_length(head: bytes) -> int | None:
    """Return the length of the body after *head*, or None if the body is not received.

    Chunked bodies and those over BODY_BYTES are not received: the app refuses them.
    """
    if _CHUNKED.search(head):
        return None
    found = _LENGTH.search(head)
    if found is None:
        return 0
    if len(found[1]) > _LENGTH_DIGITS or int(found[1]) > BODY_BYTES:
        return None
    return int(found[1])


class BufferedSocket:
    """Buffers the request that a client sends, and the part of a response not sent yet.

    It replaces gunicorn's socket. The worker's poller fills and empties the buffers when the kernel
    reports that the socket is ready. Threads only read and write the buffers. A thread reads no
    further than the end of its request, never bytes of the next one.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)  # noqa: FBT003  # socket's signature
        self._socket = sock
        self._received = bytearray()
        self._searched = 0
        self._request_bytes = 0  # length of the first request in _received, 0 if unknown
        self._unsent = bytearray()
        self.has_ended = False
        """Whether the client has closed its side of the connection."""
        self.has_unread_body = False
        """Whether the request has a body that is not received."""

    # --- For the poller ---

    def fileno(self) -> int:
        """Return the descriptor to poll."""
        return self._socket.fileno()

    def receive(self) -> None:
        """Read what the client has sent."""
        try:
            received = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        self.has_ended = not received
        self._received += received

    def has_request(self) -> bool:
        """Return whether a request is complete, except for a body that is not received."""
        if not self._request_bytes:
            end = self._received.find(_HEAD_END, self._searched)
            if end < 0:
                self._searched = max(0, len(self._received) - len(_HEAD_END) + 1)
                return False
            self._frame(end + len(_HEAD_END))
        return len(self._received) >= self._request_bytes

    def has_long_head(self) -> bool:
        """Return whether the head is longer than HEAD_BYTES."""
        return not self._request_bytes and len(self._received) > HEAD_BYTES

    @property
    def has_received(self) -> bool:
        """Whether there are bytes that no thread has read."""
        return bool(self._received)

    @property
    def has_unsent(self) -> bool:
        """Whether a part of the response is not sent yet."""
        return bool(self._unsent)

    @property
    def kept_bytes(self) -> int:
        """The size of both buffers."""
        return len(self._received) + len(self._unsent)

    def flush(self) -> None:
        """Send as much as the client accepts now.

        Raises:
            OSError: the connection is broken.
        """
        with suppress(BlockingIOError):
            del self._unsent[: self._socket.send(self._unsent)]

    def discard(self) -> None:
        """Read and drop what the client has sent."""
        self.receive()
        self._received.clear()

    def reset(self) -> None:
        """Close the connection at once, without sending what the kernel has buffered."""
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    # --- What gunicorn calls ---

    def setblocking(self, _flag: bool, /) -> None:  # noqa: FBT001  # socket's signature
        """Do nothing: no call blocks."""

    def settimeout(self, _seconds: float | None, /) -> None:
        """Do nothing: no call blocks."""

    def shutdown(self, how: int, /) -> None:
        """Stop sending or receiving."""
        self._socket.shutdown(how)

    def close(self) -> None:
        """Close the connection."""
        self._unsent.clear()
        self._socket.close()

    def recv(self, size: int) -> bytes:
        """Return bytes of the request, none at its end."""
        found = bytes(self._received[: min(size, self._request_bytes)])
        del self._received[: len(found)]
        self._request_bytes -= len(found)
        return found

    def sendall(self, data: bytes) -> None:
        """Send as much as the client accepts now, and buffer the rest.

        Only a streamed response can be longer than STREAM_BYTES. It waits until its buffer is sent,
        at most STREAM_SECONDS.

        Raises:
            OSError: the connection is broken, or the client is too slow.
        """
        self._unsent += data
        self.flush()
        if len(self._unsent) <= STREAM_BYTES:
            return
        unsent, self._unsent = self._unsent, bytearray()
        self._socket.settimeout(STREAM_SECONDS)
        self._socket.sendall(unsent)
        self._socket.setblocking(False)  # noqa: FBT003  # socket's signature

    def send(self, data: bytes) -> int:
        """Do the same as `sendall`; return the length of *data*."""
        self.sendall(data)
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int, count: int) -> None:
        """Send *count* bytes of *file* from *offset* on."""
        self.sendall(os.pread(file.fileno(), count, offset))

    def _frame(self, head_bytes: int) -> None:
        """Find the end of the request, and send "100 Continue" if the client waits for it.

        gunicorn would send it when a thread handles the request, but the body must be there
        before. So it is sent here, and the Expect header is removed (RFC 9110, section 10.1.1).
        """
        head = bytes(self._received[:head_bytes])
        length = body_length(head)
        self.has_unread_body = length is None
        self._searched = 0
        if head.partition(b"\r\n")[0].endswith(b" HTTP/1.1"):
            shorter, expects = _EXPECT.subn(b"", head)
            if expects:
                self._received[:head_bytes] = shorter
                head = shorter
        else:
            expects = 0
        self._request_bytes = len(head) + (length or 0)
        if expects and len(self._received) < self._request_bytes:
            self.sendall(_CONTINUE)
