"""Ends the servers that a killed pytest leaves behind.

It runs as a process of its own, one for each pytest process (an xdist worker is one). Its standard
input is a pipe of which pytest alone has the other end: it reads which processes to guard, and the
end of the pipe means that pytest is gone, however it ended. (PR_SET_PDEATHSIG would fire when the
thread that started a server ends.)
"""

import atexit
import contextlib
import functools
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

_TERM_SECONDS: Final = 5.0
"""How long the servers may take to end by SIGTERM before they are killed."""


def guard(process: subprocess.Popen[bytes]) -> None:
    """End *process* and its children if this process ends first."""
    pipe = _pipe()
    pipe.write(f"{process.pid}\n".encode())
    pipe.flush()


@functools.cache
def _pipe() -> IO[bytes]:
    # In a session of its own: Ctrl-C is for pytest, which then stops its servers itself.
    # Without site packages and environment it starts at once, and coverage leaves it alone.
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={},
        start_new_session=True,
    )
    assert process.stdin is not None
    atexit.register(process.communicate)
    return process.stdin


def _main() -> None:
    """Read process ids until pytest ends; then end those that still run."""
    servers: dict[int, int] = {}  # by file descriptor: an id may soon be another process's
    for line in sys.stdin:
        for pidfd in servers.keys() - _running(servers):
            os.close(pidfd)
            del servers[pidfd]
        servers |= open_all([int(line)])
    everyone = open_all(pid for pidfd in _running(servers) for pid in tree(servers[pidfd]))
    _send(everyone, signal.SIGCONT)  # a paused process hears nothing else
    _send(servers, signal.SIGTERM)
    deadline = time.monotonic() + _TERM_SECONDS
    while _running(everyone) and time.monotonic() < deadline:
        time.sleep(0.1)
    _send(everyone, signal.SIGKILL)


def open_all(pids: Iterable[int]) -> dict[int, int]:
    """Return the ids of those processes that are still there, by a file descriptor of each."""
    found: dict[int, int] = {}
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            found[os.pidfd_open(pid)] = pid
    return found


def _running(pidfds: Iterable[int]) -> set[int]:
    """Return the descriptors of those that have not ended."""
    every = set(pidfds)
    ended, _, _ = select.select(every, [], [], 0)
    return every.difference(ended)


def tree(pid: int) -> list[int]:
    """Return *pid* and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(each for child in children for each in tree(int(child)))]


def _send(pidfds: Iterable[int], number: signal.Signals) -> None:
    for pidfd in pidfds:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, number)


if __name__ == "__main__":
    _main()
