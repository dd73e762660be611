"""What only a real server shows: bodies too large or in chunks, and connections kept after."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urljoin

import pytest
import requests

from tests.api.clients import OLD_RECENTS, OLD_SECRETS, OPENAPI, RECENTS, SECRETS
from tests.conftest import StartLiveApp
from tests.live import LiveApp
from tests.servers import HOST

JSON = {"Content-Type": "application/json", "Accept-Language": "en"}
MEBIBYTE = 1024 * 1024


@pytest.fixture
def connection(live_app: LiveApp) -> Iterator[http.client.HTTPConnection]:
    """A connection that is kept between requests."""
    with closing(http.client.HTTPConnection(HOST, live_app.port, timeout=30)) as connection:
        yield connection


def post(
    connection: http.client.HTTPConnection, body: object, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, object]]:
    """Post *body* to `SECRETS`; return the status and the content."""
    connection.request("POST", SECRETS, body, {**JSON, **(headers or {})})  # type: ignore[arg-type]  # as the test likes
    with connection.getresponse() as answer:
        return answer.status, json.loads(answer.read())


def exchange(app: LiveApp, request: bytes) -> bytes:
    """Send raw bytes; return all that comes back until the server closes."""
    with socket.create_connection((HOST, app.port), timeout=30) as stream:
        stream.sendall(request)
        return b"".join(iter(lambda: stream.recv(65_536), b""))


def head(*headers: str) -> bytes:
    lines = [f"POST {SECRETS} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


@pytest.mark.parametrize("size", [64 * 1024 + 1, MEBIBYTE, 8 * MEBIBYTE])
def test_a_body_too_large_gets_its_answer_and_the_client_can_go_on(
    connection: http.client.HTTPConnection, size: int
) -> None:
    status, content = post(connection, b"{}".ljust(size))
    next_status, _content = post(connection, b"{}")

    assert (status, list(content)) == (413, ["errors"])
    assert next_status == 201


def test_also_a_body_that_is_not_read_to_its_end_gets_its_answer(
    connection: http.client.HTTPConnection,
) -> None:
    status, content = post(connection, b"{}".ljust(10 * MEBIBYTE))

    assert (status, list(content)) == (413, ["errors"])


@pytest.mark.parametrize("size", [MEBIBYTE, 5 * MEBIBYTE])
def test_a_body_too_large_gets_its_answer_before_the_connection_is_closed(
    live_app: LiveApp, size: int
) -> None:
    answer = exchange(live_app, head(f"Content-Length: {size}", "Connection: close") + b" " * size)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'{"errors": {"request": ["' in answer


def test_a_body_that_is_only_announced_is_not_waited_for_forever(live_app: LiveApp) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as stream:
        stream.sendall(head(f"Content-Length: {MEBIBYTE}") + b" " * 1000)
        stream.shutdown(socket.SHUT_WR)

        answer = stream.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("chunks", [[b"{}"], [b"{", b"}"], [b" " * 65_536] * 32])
def test_a_body_in_chunks_needs_a_content_length(
    connection: http.client.HTTPConnection, chunks: list[bytes]
) -> None:
    status, content = post(connection, iter(chunks))
    next_status, _content = post(connection, b"{}")

    assert (status, list(content)) == (411, ["errors"])
    assert next_status == 201


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"nonsense", {}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b'{"length": 0}', {}, 422),
        (b"", {}, 400),
    ],
)
def test_the_connection_lives_on_after_an_error(
    connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str], expected: int
) -> None:
    status, _content = post(connection, body, headers)
    connection_used = connection.sock
    next_status, _content = post(connection, b"{}")

    assert (status, next_status) == (expected, 201)
    assert connection.sock is connection_used


def test_a_client_that_expects_100_continue_gets_it(live_app: LiveApp) -> None:
    with socket.create_connection((HOST, live_app.port), timeout=30) as stream:
        stream.sendall(head("Content-Length: 2", "Expect: 100-continue", "Connection: close"))
        received = stream.recv(65_536)
        stream.sendall(b"{}")
        answer = b"".join(iter(lambda: stream.recv(65_536), b""))

    assert received.startswith(b"HTTP/1.1 100 ")
    assert answer.startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize(
    "headers", [("Content-Length: two",), ("Content-Length: -2",), ("Content-Length: 2",) * 2]
)
def test_an_invalid_content_length_is_a_bad_request(
    live_app: LiveApp, headers: tuple[str, ...]
) -> None:
    answer = exchange(live_app, head(*headers, "Connection: close") + b"{}")

    assert answer.startswith(b"HTTP/1.1 400 ")


def test_old_clients_that_keep_cookies_see_their_passwords(live_app_redis: LiveApp) -> None:
    with requests.Session() as session:
        drawn = [
            session.post(f"{live_app_redis.base_url}{OLD_SECRETS}", json={}).json()["senha"]
            for _ in range(20)
        ]

        listed = session.get(f"{live_app_redis.base_url}{OLD_RECENTS}").json()

    assert [item["senha"] for item in listed] == drawn[:-11:-1]
    assert requests.get(f"{live_app_redis.base_url}{OLD_RECENTS}", timeout=30).json() == []


def test_below_a_path_prefix_the_contract_leads_to_the_endpoints_and_the_cookie_stays_there(
    start_live_app: StartLiveApp,
) -> None:
    app = start_live_app({"URL_PREFIX": "/senhas"})
    address = f"{app.base_url}/senhas{OPENAPI}"
    (server,) = requests.get(address, timeout=30).json()["servers"]
    root = urljoin(address, server["url"]).rstrip("/")

    with requests.Session() as session:
        drawn = session.post(f"{root}{SECRETS}", json={}).json()["secrets"]
        listed = session.get(f"{root}{RECENTS}").json()["recents"]

    assert listed == drawn
    assert [cookie.path for cookie in session.cookies] == ["/senhas/"]


def test_an_item_of_one_worker_can_be_deleted_through_another(live_app_redis: LiveApp) -> None:
    root = live_app_redis.base_url
    with requests.Session() as session:
        for _ in range(10):  # a connection each, so that both workers get their share
            created = session.post(
                f"{root}{SECRETS}", json={"kind": "pin"}, headers={"Connection": "close"}
            ).json()
            item_id = created["secrets"][0]["id"]
            answer = session.delete(f"{root}{RECENTS}/{item_id}", headers={"Connection": "close"})

            assert answer.status_code == 204
        assert session.get(f"{root}{RECENTS}").json() == {"recents": []}
