"""The whole command against the shell's own way: python -m benchmarks.command.

    manage.py generate --count 10000000   against   tr -dc … </dev/urandom | fold

Both make lines of 20 characters out of the same 94. The time is that of the processor; the memory
is the command's peak, beside that of the same command for one secret.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import measuring
from benchmarks.tables import Bar, Table, row
from tests.live import ROOT
from tests.plugin import fresh_keys

COUNT: Final = 10_000_000
LENGTH: Final = 20
# Runs what follows and prints the processor time in seconds and the peak of memory in kilobytes:
# a small process of its own, since a peak begins with the size of whoever started it.
_USAGE: Final = """
import os, sys
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_pid, status, usage = os.wait4(pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def generate(count: int, folder: Path) -> tuple[float, float]:
    """Run the command; return its seconds of processor time, and its peak of memory in MB."""
    minimums = [f"--min-{name}=0" for name in ("lowercase", "uppercase", "digits", "symbols")]
    printed = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-c", _USAGE),
            *(sys.executable, "manage.py", "generate"),
            *(f"--count={count}", f"--length={LENGTH}", *minimums),
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DOTENV": "",
            "DATABASE_URL": f"sqlite:///{folder / 'none.sqlite3'}",
            **fresh_keys(),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    seconds, kilobytes = map(float, printed.split())
    return seconds, kilobytes / 1024


def shell(count: int) -> tuple[float, float]:
    """Let `tr` and `fold` make so many lines; return their seconds of processor time, and no peak.

    What ends the two when there are enough lines, `head`, is not counted.
    """
    with Path("/dev/urandom").open("rb") as random:
        tr = subprocess.Popen(
            ["tr", "-dc", "!-~"], stdin=random, stdout=subprocess.PIPE, env={"LC_ALL": "C"}
        )
    fold = subprocess.Popen(
        ["fold", "-w", str(LENGTH)], stdin=tr.stdout, stdout=subprocess.PIPE, env={"LC_ALL": "C"}
    )
    head = subprocess.Popen(
        ["head", "-n", str(count)], stdin=fold.stdout, stdout=subprocess.DEVNULL
    )
    for process in (tr, fold):
        if process.stdout:
            process.stdout.close()  # so that it ends when nobody reads
    head.wait()
    seconds = 0.0
    for process in (tr, fold):
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds += usage.ru_utime + usage.ru_stime
    return seconds, 0.0


def tables(*, rounds: int = 5, count: int = COUNT) -> Iterator[Table]:
    """Yield a table of speed, and one of memory."""
    with tempfile.TemporaryDirectory() as name:
        run = partial(generate, folder=Path(name))
        many = measuring.interleave(
            rounds, {"ours": partial(run, count), "theirs": partial(shell, count)}
        )
        one = [run(1)[1] for _ in range(rounds)]
    ours, theirs = ([count / seconds / 1e6 for seconds, _memory in many[who]] for who in many)
    yield Table(
        title=f"The whole command, {count:,} passwords",
        ours="M/s",
        yardstick="tr and fold, M/s",
        rows=[row("20 of 94 characters", ours, theirs, Bar(at_least=1.5))],
    )
    memory = [megabytes for _seconds, megabytes in many["ours"]]
    yield Table(
        title="The command's memory",
        ours=f"for {count:,}, MB",
        yardstick="for one, MB",
        rows=[row("at its peak", memory, one, Bar(at_most=1.1))],
    )


def main() -> None:
    """Print the tables."""
    for table in tables():
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
