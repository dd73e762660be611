"""No thread of a worker waits for a client that takes its time."""

import socket
import time

import pytest
import requests

from giropops.server.worker import is_whole
from tests.conftest import StartLiveApp
from tests.live import LiveApp
from tests.servers import HOST

POST = b"POST /api/gerar-senha HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\nA: b\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 0000003\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nUpgrade: h2c\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
    ],
)
def test_a_request_is_whole_when_a_thread_can_answer_it(received: bytes, expected: bool) -> None:  # noqa: FBT001
    assert is_whole(received) is expected


def slow_clients(app: LiveApp, count: int, sent: bytes) -> list[socket.socket]:
    clients = [socket.create_connection((HOST, app.port), timeout=30) for _ in range(count)]
    for client in clients:
        client.sendall(sent)
    return clients


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: local",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        POST + b"Content-Length: 20\r\n\r\n{",
        POST + b"Content-Length: 0000020\r\n\r\n{",
        POST + b"Content-Length: 5000000\r\n\r\n{",
        POST + b"Content-Length: 20\r\nExpect: 100-continue\r\n\r\n",
        POST + b"Content-Length: 20\r\nUpgrade: h2c\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\n",
        POST + b"".join(b"X-%d: %s\r\n" % (number, b"x" * 8000) for number in range(13)),
    ],
)
def test_others_are_answered_while_slow_clients_send(live_app: LiveApp, sent: bytes) -> None:
    clients = slow_clients(live_app, 50, sent)
    try:
        answers = [
            requests.post(f"{live_app.base_url}/api/gerar-senha", json={}, timeout=2)
            for _ in range(10)
        ]
    finally:
        for client in clients:
            client.close()

    assert {answer.status_code for answer in answers} == {200}


def test_a_request_in_many_pieces_is_answered(live_app: LiveApp) -> None:
    request = POST + b"Content-Length: 15\r\nConnection: close\r\n\r\n" + b'{"tamanho": 12}'
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(0, len(request), 7):
            client.sendall(request[place : place + 7])
            time.sleep(0.002)
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_asks_whether_to_go_on_is_told_once(live_app: LiveApp) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(POST + b"Content-Length: 2\r\nConnection: close\r\n")
        client.sendall(b"Expect: 100-continue\r\n\r\n")
        told = client.recv(65_536)
        client.sendall(b"{}")
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_head_that_does_not_end_is_refused(live_app: LiveApp) -> None:
    head = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 8000) for number in range(13))
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(POST + head)
        answer = client.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 431 ")


def test_requests_sent_at_once_are_all_answered(live_app: LiveApp) -> None:
    one = POST + b"Content-Length: 2\r\n\r\n{}"
    last = POST + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(one + one + last)
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_a_client_that_leaves_in_the_middle_takes_nothing_with_it(live_app: LiveApp) -> None:
    for client in slow_clients(live_app, 30, b"GET / HTTP/1.1\r\n"):
        client.close()

    assert requests.get(f"{live_app.base_url}/healthz", timeout=5).status_code == 200


def test_a_slow_client_is_hung_up_on(live_app: LiveApp) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")

        with pytest.raises(ConnectionResetError):
            client.recv(1000)


def test_a_stopping_worker_does_not_wait_for_those_who_sent_nothing(
    start_live_app: StartLiveApp,
) -> None:
    app = start_live_app({})
    clients = slow_clients(app, 10, b"")

    app.stop()

    for client in clients:
        client.close()
    assert "Traceback" not in app.log
