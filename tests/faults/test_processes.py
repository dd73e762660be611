"""Faults of the processes, and hostile clients."""

import os
import shutil
import signal
import socket
import struct
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from tests.faults.clock import Clock
from tests.faults.conftest import StartRig
from tests.faults.load import CLIENTS, Load
from tests.faults.rig import HOLD_SECONDS, Rig, judge, judge_history, until_replaced
from tests.monitoring.test_metrics import workers
from tests.server.hostile_clients import ATTACKS, attacking
from tests.servers import HOST

pytestmark = pytest.mark.faults


def test_a_worker_is_killed_in_the_middle_of_requests(rig: Rig) -> None:
    def kill_one() -> None:
        old = workers(rig.app)[:1]
        os.kill(old[0], signal.SIGKILL)
        until_replaced(rig, old)

    figures = rig.run("worker: kill -9", break_it=kill_one, mend_it=kill_one)

    # Requests in a process that was killed get no response, nor do those that waited for it.
    judge(figures, broken_allowed=4 * CLIENTS)
    judge_history(figures, unsure=4 * CLIENTS)


def test_a_reload_is_not_noticed(rig: Rig) -> None:
    def reload() -> None:
        old = workers(rig.app)
        os.kill(rig.app.pid, signal.SIGHUP)
        until_replaced(rig, old)

    figures = rig.run("SIGHUP", break_it=reload, mend_it=lambda: None)

    judge(figures)
    judge_history(figures)


def test_a_worker_finishes_its_requests_before_it_stops(rig: Rig) -> None:
    def end_one() -> None:
        old = workers(rig.app)[:1]
        os.kill(old[0], signal.SIGTERM)
        until_replaced(rig, old)

    figures = rig.run("worker: SIGTERM", break_it=end_one, mend_it=end_one)

    judge(figures)
    judge_history(figures)


def test_the_app_stops_under_load(rig: Rig) -> None:
    with Load(rig.app.port) as load:
        time.sleep(HOLD_SECONDS)
        rig.app.stop()
    rig.app.start()

    # While nothing listens, connections are refused, and the clients continue.
    tally = load.tally
    assert tally.failed == 0
    assert tally.drawn <= rig.count_rows() <= tally.drawn + CLIENTS


def test_clients_that_send_slowly(rig: Rig) -> None:
    clients: list[socket.socket] = []

    def come() -> None:
        for _ in range(100):
            client = socket.create_connection((HOST, rig.app.port), timeout=30)
            client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le")
            clients.append(client)

    def go() -> None:
        for client in clients:
            client.close()

    figures = rig.run("clients: slow-loris", break_it=come, mend_it=go)

    judge(figures)
    judge_history(figures)


@pytest.mark.parametrize("name", ["GET and a byte", "unread files"])
def test_clients_that_hold_their_connection(rig: Rig, name: str) -> None:
    with ExitStack() as clients:
        attack = attacking(rig.app.port, ATTACKS[name], count=64)

        figures = rig.run(
            f"clients: {name}",
            break_it=lambda: clients.enter_context(attack),
            mend_it=clients.close,
        )

    judge(figures)
    judge_history(figures)


def test_clients_that_leave_before_the_answer(rig: Rig) -> None:
    stop = threading.Event()
    sent = []

    def leave_again_and_again() -> None:
        body = b'{"count": 100, "length": 256}'
        head = b"POST /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
        while not stop.is_set():
            client = socket.create_connection((HOST, rig.app.port), timeout=30)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(head + f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            sent.append(1)
            client.close()
            time.sleep(0.01)

    leaver = threading.Thread(target=leave_again_and_again, daemon=True)

    figures = rig.run("clients: gone", break_it=leaver.start, mend_it=stop.set)

    judge(figures)
    judge_history(figures, unsure=len(sent))


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """A wall clock that the test sets."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler for the clock")
    return Clock(tmp_path, compiler)


class Visitor:
    """A client that draws over a new connection each time, and lists its recents."""

    def __init__(self, rig: Rig) -> None:
        self._url = f"{rig.app.base_url}/api/v1"
        self._session = requests.Session()
        self._session.headers["Connection"] = "close"
        self._drawn: list[str] = []

    def draws_and_looks(self) -> datetime:
        """Draw, and fail unless the recents are the ten newest in order; return the app's time."""
        answer = self._session.post(f"{self._url}/secrets", json={}, timeout=30)
        self._drawn.insert(0, answer.json()["secrets"][0]["value"])
        listed = self._session.get(f"{self._url}/recents", timeout=30).json()["recents"]
        assert [item["value"] for item in listed] == self._drawn[:10]
        return parsedate_to_datetime(answer.headers["Date"])


@pytest.mark.parametrize("back", [timedelta(minutes=10), timedelta(hours=2)])
def test_the_clock_is_set_back(start_rig: StartRig, clock: Clock, back: timedelta) -> None:
    rig = start_rig(**clock.environment)
    visitor = Visitor(rig)

    def set_back() -> None:
        for _ in range(12):
            visitor.draws_and_looks()
        clock.set(-back)

    def look() -> str:
        seen = [visitor.draws_and_looks() for _ in range(12)]
        off = datetime.now(UTC) - seen[-1]
        assert abs(off - back) < timedelta(seconds=5)
        return "newest first"

    figures = rig.run(
        f"clock: {back} back", break_it=set_back, mend_it=lambda: clock.set(timedelta()), look=look
    )

    visitor.draws_and_looks()
    judge(figures)
    judge_history(figures, unsure=24)  # the visitor's
    assert figures.ready_status == "200 ok"
