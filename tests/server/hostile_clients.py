"""Clients that hold their connection open in every position of a request and a response."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from tests.servers import HOST

POST: Final = (
    b"POST /api/gerar-senha HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
)
GET: Final = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
WHOLE_POST: Final = POST + b"Content-Length: 2\r\n\r\n{}"
LARGE_FILE: Final = (
    b"GET /static/admin/js/vendor/xregexp/xregexp.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
)
LONG_HEAD: Final = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 8000) for number in range(13))
SMALL_BUFFER: Final = 2304
"""The smallest receive buffer that Linux gives."""


def post_json(path: str, content: object) -> bytes:
    """Return a whole request."""
    body = json.dumps(content).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass(frozen=True)
class Attack:
    """What a client sends, after which it neither sends nor reads anything."""

    sent: bytes
    half_closed: bool = False


ATTACKS: Final = {
    "nothing": Attack(b""),
    "half a head": Attack(b"GET / HTTP/1.1\r\nHost: local"),
    "a long head": Attack(POST + LONG_HEAD),
    "response that closes": Attack(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")),
    "half a body": Attack(POST + b"Content-Length: 20\r\n\r\n{"),
    "half a body, zeros": Attack(POST + b"Content-Length: 0000020\r\n\r\n{"),
    "half a body, upgrade": Attack(POST + b"Content-Length: 20\r\nUpgrade: h2c\r\n\r\n{"),
    "half a large body": Attack(POST + b"Content-Length: 5000000\r\n\r\n{"),
    "body after 100": Attack(POST + b"Content-Length: 20\r\nExpect: 100-continue\r\n\r\n"),
    "chunks": Attack(POST + b"Transfer-Encoding: chunked\r\n\r\n"),
    "half a chunk": Attack(POST + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"),
    "GET and a byte": Attack(GET + b"G"),
    "GET and a line break": Attack(GET + b"\r\n"),
    "POST and a byte": Attack(WHOLE_POST + b"G"),
    "GET and half a body": Attack(GET + POST + b"Content-Length: 20\r\n\r\n{"),
    "GETs and half a head": Attack(GET * 50 + GET[:-2]),
    "unread pages": Attack(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 300),
    "unread files": Attack(LARGE_FILE * 20),
    "unread secrets": Attack(post_json("/api/v1/secrets", {"count": 100, "length": 256}) * 20),
    "half-closed, nothing": Attack(b"", half_closed=True),
    "half-closed, half a body": Attack(POST + b"Content-Length: 20\r\n\r\n{", half_closed=True),
    "half-closed, unread file": Attack(LARGE_FILE, half_closed=True),
    "half-closed, unread files": Attack(LARGE_FILE * 20 + b"G", half_closed=True),
}


@contextmanager
def attacking(port: int, attack: Attack, *, count: int) -> Iterator[list[socket.socket]]:
    """Open *count* connections that attack, and close them at the end."""
    clients = [_connect(port) for _ in range(count)]
    try:
        for client in clients:
            _send(client, attack)
        yield clients
    finally:
        for client in clients:
            client.close()


def _connect(port: int) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    client.settimeout(30)
    client.connect((HOST, port))
    return client


def _send(client: socket.socket, attack: Attack) -> None:
    with suppress(OSError):  # the app may refuse before it has all
        client.sendall(attack.sent)
        if attack.half_closed:
            client.shutdown(socket.SHUT_WR)
