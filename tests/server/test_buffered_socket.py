"""A request is framed as gunicorn will read it, and a thread gets no byte beyond it."""

import socket
from collections.abc import Iterator

import pytest

from giropops.server import buffered_socket
from giropops.server.buffered_socket import BufferedSocket, body_length

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, BufferedSocket]]:
    """A client and its connection."""
    client, server = socket.socketpair()
    with client:
        connection = BufferedSocket(server)
        yield client, connection
        connection.close()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (b"", 0),
        (b"Content-Length: 3\r\n", 3),
        (b"content-length:3\t\r\nA: b\r\n", 3),
        (b"Content-Length: 0000003\r\n", 3),
        (b"Content-Length: 3\r\nUpgrade: h2c\r\n", 3),
        (b"X-Content-Length: 3\r\n", 0),
        (b"Content-Length: 65536\r\n", 65_536),
        (b"Content-Length: 65537\r\n", None),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n", None),
        (b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", None),
    ],
)
def test_the_length_of_a_body_is_that_of_the_head(fields: bytes, expected: int | None) -> None:
    assert body_length(HEAD + fields + b"\r\n") == expected


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 1000])
def test_a_thread_gets_one_request_at_a_time(
    pair: tuple[socket.socket, BufferedSocket], piece_bytes: int
) -> None:
    client, connection = pair
    first = HEAD + b"Content-Length: 3\r\n\r\nabc"
    second = HEAD + b"\r\n"
    sent = first + second + b"G"

    for place in range(0, len(sent), piece_bytes):
        client.sendall(sent[place : place + piece_bytes])
        connection.receive()

    assert connection.has_request()
    assert connection.recv(1000) + connection.recv(1000) == first
    assert connection.has_request()
    assert connection.recv(1000) + connection.recv(1000) == second
    assert not connection.has_request()
    assert connection.recv(1000) == b""


def test_a_streamed_response_waits_for_its_client_but_not_for_long(
    pair: tuple[socket.socket, BufferedSocket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buffered_socket, "STREAM_SECONDS", 0.1)
    _client, connection = pair
    connection.sendall(b"x" * buffered_socket.STREAM_BYTES)

    with pytest.raises(TimeoutError):
        connection.sendall(b"x" * buffered_socket.STREAM_BYTES)

    assert not connection.has_unsent


def test_what_the_client_does_not_take_is_kept(
    pair: tuple[socket.socket, BufferedSocket],
) -> None:
    client, connection = pair
    data = b"0123456789" * 100_000
    client.settimeout(5)

    connection.sendall(data)

    assert connection.has_unsent
    received = bytearray()
    while len(received) < len(data):
        received += client.recv(100_000)
        connection.flush()
    assert received == data
    assert connection.kept_bytes == 0
