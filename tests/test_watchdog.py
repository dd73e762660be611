"""A killed pytest leaves no server behind."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.live import ROOT

WAIT_SECONDS: Final = 30.0
SERVE: Final = """
import sys
from pathlib import Path
from tests.live import LiveApp
from tests.servers import PostgresServer, RedisServer

with (
    RedisServer() as redis,
    PostgresServer() as postgres,
    LiveApp(template=Path(sys.argv[1])) as app,
):
    worker = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text().split()[0]
    frozen = postgres._all_pids()
    redis.pause()
    postgres.pause()
    print(redis.pid, *frozen, app.pid, worker, flush=True)
    sys.stdin.read()
"""


def test_the_servers_of_a_killed_process_end(live_template: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(live_template)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as tests:
        assert tests.stdout is not None
        servers = [os.pidfd_open(int(pid)) for pid in tests.stdout.readline().split()]
        tests.kill()

    left = until_ended(servers)
    for server in left:
        signal.pidfd_send_signal(server, signal.SIGKILL)
    for server in servers:
        os.close(server)

    assert len(servers) > 4
    assert not left


def until_ended(pidfds: list[int]) -> set[int]:
    """Wait for processes; return those that still run after WAIT_SECONDS."""
    left, deadline = set(pidfds), time.monotonic() + WAIT_SECONDS
    while left and time.monotonic() < deadline:
        left -= set(select.select(left, [], [], 1)[0])
    return left
