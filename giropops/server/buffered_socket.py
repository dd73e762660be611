"""A client's connection whose reader and writer never wait for the client."""

from __future__ import annotations

import os
import re
import socket
import struct
from contextlib import suppress
from typing import IO, Final

HEAD_BYTES: Final = 32 * 1024
"""The largest request head that is received."""
BODY_BYTES: Final = 64 * 1024
"""The largest request body that is received; the app refuses longer ones by their head."""
STREAM_BYTES: Final = 1024 * 1024
"""How much of a response is kept until a streamed one waits for its client."""
STREAM_SECONDS: Final = 10.0
"""How long such a client may take for what is kept."""

_READ_BYTES: Final = 64 * 1024
_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d+)[ \t]*\r\n", re.IGNORECASE)
_LENGTH_DIGITS: Final = len(str(BODY_BYTES))
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_RESET: Final = struct.pack("ii", 1, 0)


def body_length(head: bytes) -> int | None:
    """Return how many bytes of body follow *head*; None if they are not to be received.

    Chunked bodies and those over BODY_BYTES are not: the app refuses them unread.
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
    """Holds what a client has sent of its next request, and what it has not taken of a response.

    It takes the place of gunicorn's socket. The worker's poller fills and empties the buffers when
    the kernel says that it can; a thread reads and writes the buffers alone. What a thread reads
    ends with its request, so that it never gets bytes of the next one.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)  # noqa: FBT003  # socket's signature
        self._socket = sock
        self._received = bytearray()
        self._searched = 0
        self._request_bytes = 0  # of the request at the start of what was received
        self._unsent = bytearray()
        self.has_ended = False
        """Whether the client sends nothing more."""
        self.has_unread_body = False
        """Whether the request has a body that was not received."""

    # --- For the poller ---

    def fileno(self) -> int:
        """Return the descriptor to poll."""
        return self._socket.fileno()

    def receive(self) -> None:
        """Take what the client has sent."""
        try:
            received = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        self.has_ended = not received
        self._received += received

    def has_request(self) -> bool:
        """Say whether a whole request is there, or as much of it as is received at all."""
        if not self._request_bytes:
            end = self._received.find(_HEAD_END, self._searched)
            if end < 0:
                self._searched = max(0, len(self._received) - len(_HEAD_END) + 1)
                return False
            self._frame(end + len(_HEAD_END))
        return len(self._received) >= self._request_bytes

    def has_long_head(self) -> bool:
        """Say whether the head is longer than is received."""
        return not self._request_bytes and len(self._received) > HEAD_BYTES

    @property
    def has_received(self) -> bool:
        """Whether something is there that no thread has read."""
        return bool(self._received)

    @property
    def has_unsent(self) -> bool:
        """Whether the client has not taken the whole response."""
        return bool(self._unsent)

    @property
    def kept_bytes(self) -> int:
        """The size of both buffers."""
        return len(self._received) + len(self._unsent)

    def flush(self) -> None:
        """Send what the client takes now.

        Raises:
            OSError: the connection is broken.
        """
        with suppress(BlockingIOError):
            del self._unsent[: self._socket.send(self._unsent)]

    def discard(self) -> None:
        """Drop what the client has sent."""
        self.receive()
        self._received.clear()

    def reset(self) -> None:
        """Close the connection at once; the kernel keeps nothing of it."""
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    # --- What gunicorn calls ---

    def setblocking(self, _flag: bool, /) -> None:  # noqa: FBT001  # socket's signature
        """Do nothing: no call waits."""

    def settimeout(self, _seconds: float | None, /) -> None:
        """Do nothing: no call waits."""

    def shutdown(self, how: int, /) -> None:
        """Send or receive no more."""
        self._socket.shutdown(how)

    def close(self) -> None:
        """Close the connection."""
        self._unsent.clear()
        self._socket.close()

    def recv(self, size: int) -> bytes:
        """Return bytes of the request; none at its end."""
        taken = bytes(self._received[: min(size, self._request_bytes)])
        del self._received[: len(taken)]
        self._request_bytes -= len(taken)
        return taken

    def sendall(self, data: bytes) -> None:
        """Send what the client takes now and keep the rest.

        Only a streamed response can be longer than STREAM_BYTES: it is the one that waits, for
        STREAM_SECONDS, until all that was kept is sent.

        Raises:
            OSError: the connection is broken, or the client took too long.
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
        """Do the same, and say that all is sent."""
        self.sendall(data)
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int, count: int) -> None:
        """Send *count* bytes of *file* from *offset* on."""
        self.sendall(os.pread(file.fileno(), count, offset))

    def _frame(self, head_bytes: int) -> None:
        """Find out where the request ends whose head is there, and ask for its body if need be.

        gunicorn would tell the client to continue when a thread has the request. By then the body
        must be there, so it is told here, and the header is removed (RFC 9110, section 10.1.1).
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
