"""The whole command against the shell's own way: python -m benchmarks.command.

    manage.py generate --count 2000000 --quiet | head -n 2000000
    tr -dc '!-~' </dev/urandom | fold -w20 | head -n 2000000

Both print lines of 20 out of the same 94 characters; the command's default recipe also has at least
one of each class in every line. The time is that of the whole pipeline, on the wall clock. Besides:
the processor time of the command for one password, and its memory.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import measuring
from benchmarks.tables import Bar, Table, row
from tests.live import ROOT
from tests.plugin import fresh_keys

COUNT: Final = 2_000_000
_SHELL: Final = "tr -dc '!-~' </dev/urandom | fold -w20"
_PYTHON_TIMES: Final = 10.0
"""How many times the bare interpreter's processor time one password may take."""
# Runs what follows and prints the processor time in seconds and the peak of memory in kilobytes:
# a small process of its own, since a peak begins with the size of the process that started it.
_USAGE: Final = """
import os, sys
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_pid, status, usage = os.wait4(pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def command(count: int) -> list[str]:
    """Return the command for *count* passwords."""
    return [sys.executable, "manage.py", "generate", "--quiet", f"--count={count}"]


def wall_seconds(producer: str, count: int, *, environment: dict[str, str]) -> float:
    """Return how long *producer* and a `head` behind it take for *count* lines."""
    began = time.perf_counter()
    subprocess.run(
        ["sh", "-c", f"{producer} | head -n {count} >/dev/null"],  # any sh
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return time.perf_counter() - began


def usage(*arguments: str, environment: dict[str, str]) -> tuple[float, float]:
    """Run a program; return its seconds of processor time, and its peak of memory in MB."""
    printed = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _USAGE, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    seconds, kilobytes = map(float, printed.split())
    return seconds, kilobytes / 1024


def tables(*, rounds: int = 5, count: int = COUNT) -> Iterator[Table]:
    """Yield a table of many passwords, one of a single one, and one of memory."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "DOTENV": "",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'none.sqlite3'}",
            **fresh_keys(),
        }
        timed = partial(wall_seconds, count=count, environment=environment)
        many = measuring.interleave(
            rounds,
            {"ours": partial(timed, shlex.join(command(count))), "theirs": partial(timed, _SHELL)},
        )
        used = partial(usage, environment=environment)
        one = measuring.interleave(
            rounds,
            {"ours": partial(used, *command(1)), "python": partial(used, sys.executable, "-c", "")},
        )
        peaks = [used(*command(count))[1] for _ in range(rounds)]
    ours, theirs = ([count / seconds / 1e6 for seconds in many[who]] for who in many)
    yield Table(
        title=f"The whole command, {count:,} passwords, wall clock",
        ours="M/s",
        yardstick="tr, fold and head, M/s",
        rows=[row("20 of 94 characters", ours, theirs, Bar(at_least=1.0))],
    )
    ours, theirs = ([seconds * 1000 for seconds, _memory in one[who]] for who in one)
    yield Table(
        title="The whole command, one password, no database",
        ours="processor time, ms",
        yardstick="Python alone, ms",
        rows=[row("one password", ours, theirs, Bar(at_most=_PYTHON_TIMES))],
    )
    yield Table(
        title="The command's memory",
        ours=f"for {count:,}, MB",
        yardstick="for one, MB",
        rows=[row("at its peak", peaks, [memory for _s, memory in one["ours"]], Bar(at_most=1.1))],
    )


def main() -> None:
    """Print the tables."""
    for table in tables():
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
