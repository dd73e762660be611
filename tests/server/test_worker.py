"""No thread of a worker waits for a client, wherever in a request or a response it stops."""

import os
import signal
import socket
import time
from contextlib import ExitStack
from http import HTTPStatus

import pytest
import requests

from tests.conftest import StartLiveApp
from tests.live import LiveApp
from tests.server.hostile_clients import (
    ATTACKS,
    GET,
    LARGE_FILE,
    LONG_HEAD,
    POST,
    WHOLE_POST,
    Attack,
    attacking,
)
from tests.server.test_stop import memory_bytes
from tests.servers import HOST

GET_AND_CLOSE = GET[:-2] + b"Connection: close\r\n\r\n"
TIMEOUT_SECONDS = 5
"""Generous: a thread that waits for a client does so for ever."""


def exchange(app: LiveApp, sent: bytes, *, half_closed: bool = False) -> bytes:
    """Return all that the app answers until it closes the connection."""
    with socket.create_connection((HOST, app.port), timeout=30) as client:
        client.sendall(sent)
        if half_closed:
            client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_others_are_answered_while_64_clients_hold_their_connection(
    live_app: LiveApp, attack: Attack
) -> None:
    with attacking(live_app.port, attack, count=64):
        answers = [
            answer.status_code
            for _ in range(5)
            for answer in (
                requests.get(f"{live_app.base_url}/healthz", timeout=TIMEOUT_SECONDS),
                requests.post(
                    f"{live_app.base_url}/api/gerar-senha", json={}, timeout=TIMEOUT_SECONDS
                ),
            )
        ]

    assert set(answers) == {200}


def test_a_request_in_many_pieces_is_answered(live_app: LiveApp) -> None:
    request = POST + b"Content-Length: 15\r\nConnection: close\r\n\r\n" + b'{"tamanho": 12}'
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(0, len(request), 7):
            client.sendall(request[place : place + 7])
            time.sleep(0.002)
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_expects_100_continue_gets_it_once(live_app: LiveApp) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(POST + b"Content-Length: 2\r\nConnection: close\r\n")
        client.sendall(b"Expect: 100-continue\r\n\r\n")
        received = client.recv(65_536)
        client.sendall(b"{}")
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert received == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_requests_sent_at_once_are_all_answered(live_app: LiveApp) -> None:
    one = POST + b"Content-Length: 2\r\n\r\n{}"
    last = POST + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(one + one + last)
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_a_client_that_leaves_in_the_middle_takes_nothing_with_it(live_app: LiveApp) -> None:
    with attacking(live_app.port, ATTACKS["half a head"], count=30):
        pass

    assert requests.get(f"{live_app.base_url}/healthz", timeout=5).status_code == 200


def test_a_slow_client_is_disconnected(live_app: LiveApp) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")

        with pytest.raises(ConnectionResetError):
            client.recv(1000)


def test_a_client_that_reads_slowly_gets_the_whole_response(live_app: LiveApp) -> None:
    with attacking(live_app.port, Attack(LARGE_FILE * 2 + GET_AND_CLOSE), count=1) as [client]:
        received = bytearray()
        while piece := client.recv(20_000):
            received += piece
            time.sleep(0.001)

    whole = requests.get(f"{live_app.base_url}{LARGE_FILE.split()[1].decode()}", timeout=5).content
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.count(whole) == 2


def test_many_clients_that_do_not_read_take_bounded_memory(start_live_app: StartLiveApp) -> None:
    app = start_live_app({})
    before = memory_bytes(app)

    with attacking(app.port, ATTACKS["unread files"], count=200):
        answer = requests.get(f"{app.base_url}/healthz", timeout=TIMEOUT_SECONDS)
        grown = memory_bytes(app) - before

    assert answer.status_code == 200
    assert grown < 24 * 2**20


def test_a_good_client_finds_room_among_more_idle_ones_than_a_worker_takes(
    start_live_app: StartLiveApp,
) -> None:
    app = start_live_app({})

    with attacking(app.port, ATTACKS["nothing"], count=600), requests.Session() as session:
        answers = [session.get(f"{app.base_url}/healthz", timeout=5) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"x" * 5000), HTTPStatus.REQUEST_URI_TOO_LONG),
        (GET[:-2] + b"Expect: miracles\r\n\r\n", HTTPStatus.EXPECTATION_FAILED),
        (POST + LONG_HEAD, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
        (POST + b"X: %s\r\n\r\n" % (b"x" * 9000), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
        (POST + b"Transfer-Encoding: bogus\r\n\r\n", HTTPStatus.NOT_IMPLEMENTED),
    ],
)
def test_an_invalid_request_is_refused_without_a_quotation(
    live_app: LiveApp, sent: bytes, status: HTTPStatus
) -> None:
    answer = exchange(live_app, sent).decode()

    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\n")
    assert "Content-Security-Policy: default-src 'none'" in head
    assert body == f"{status} {status.phrase}\n"


def test_a_body_that_ends_early_is_refused_and_nothing_is_drawn(live_app: LiveApp) -> None:
    sent = POST + b'Content-Length: 30\r\n\r\n{"tamanho": 12}'

    answer = exchange(live_app, sent, half_closed=True)

    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"senha" not in answer


def test_a_client_of_http_1_0_gets_no_100_continue(live_app: LiveApp) -> None:
    head = POST.replace(b"HTTP/1.1", b"HTTP/1.0")
    with socket.create_connection((HOST, live_app.port), timeout=30) as client:
        client.sendall(head + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        time.sleep(0.2)
        client.sendall(b"{}")
        answer = b"".join(iter(lambda: client.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.0 200 OK")


def test_a_half_closed_client_is_answered(live_app: LiveApp) -> None:
    answer = exchange(live_app, GET + WHOLE_POST, half_closed=True)

    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_a_stopping_worker_answers_good_clients_and_waits_for_no_others(
    start_live_app: StartLiveApp,
) -> None:
    app = start_live_app({})
    whole = POST + b"Content-Length: 15\r\n\r\n" + b'{"tamanho": 12}'
    with ExitStack() as stack:
        for attack in ATTACKS.values():
            stack.enter_context(attacking(app.port, attack, count=4))
        client = stack.enter_context(socket.create_connection((HOST, app.port), timeout=30))
        client.sendall(whole[:-1])
        time.sleep(0.5)
        os.kill(app.pid, signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(whole[-1:])
        answer = b"".join(iter(lambda: client.recv(65_536), b""))
        code = app.wait()

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert code == 0
    assert "Traceback" not in app.log
    assert "SIGKILL" not in app.log
