"""A killed pytest leaves no server and no browser behind."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests import watchdog
from tests.live import ROOT

WAIT_SECONDS: Final = 30.0
SERVE: Final = """
import os
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
from tests.conftest import launch_chromium
from tests.live import LiveApp
from tests.servers import PostgresServer, RedisServer
from tests.watchdog import tree

with (
    RedisServer() as redis,
    PostgresServer() as postgres,
    LiveApp(template=Path(sys.argv[1])),
    sync_playwright() as playwright,
):
    launch_chromium(playwright)
    redis.pause()
    postgres.pause()
    print(*tree(os.getpid())[1:], flush=True)
    sys.stdin.read()
"""


def test_all_that_a_killed_process_has_started_ends(live_template: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(live_template)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as tests:
        assert tests.stdout is not None
        servers = watchdog.open_all(map(int, tests.stdout.readline().split()))
        commands = "".join(
            Path(f"/proc/{pid}/cmdline").read_text("utf-8") for pid in servers.values()
        )
        tests.kill()

    left = until_ended(servers)
    for server in left:
        signal.pidfd_send_signal(server, signal.SIGKILL)
    for server in servers:
        os.close(server)

    programs = ["redis-server", "postgres", "gunicorn", "chromium"]
    assert [name for name in programs if name not in commands] == []
    assert not left


def until_ended(pidfds: Iterable[int]) -> set[int]:
    """Wait for processes; return those that still run after WAIT_SECONDS."""
    left, deadline = set(pidfds), time.monotonic() + WAIT_SECONDS
    while left and time.monotonic() < deadline:
        left -= set(select.select(left, [], [], 1)[0])
    return left
