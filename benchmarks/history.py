"""Three ways to write the history under load: python -m benchmarks.history.

A commit a request; one commit for all who wait (what ships); and a buffer that a thread writes
every 200 ms, which loses up to that much with the process. Each is the whole app under gunicorn,
asked by 32 connections for passwords over the API; the yardstick is the app without a history.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import measuring
from benchmarks.http import DATABASES, NAMES, calls, environment_of
from benchmarks.tables import Table, row
from tests.live import LiveApp, prepare
from tests.servers import RedisServer

_WAYS: Final = {
    "each": "a commit a request",
    "group": "group commit",
    "buffer": "a buffer of 200 ms",
}


class _AppWithAWay(LiveApp):
    """The app that writes its history in one of the ways of `benchmarks.ways`."""

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return self._serve(
            *("-c", "giropops/server/gunicorn_conf.py", "benchmarks.ways"),
            environment=self.environment,
            log=log,
        )


def tables(
    *, rounds: int = 5, seconds: int = 2, databases: Sequence[str] = DATABASES
) -> Iterator[Table]:
    """Yield the table of each database."""
    for database in databases:
        with ExitStack() as stack:
            template = prepare(Path(stack.enter_context(tempfile.TemporaryDirectory())))
            measures = {}
            for way in ("none", *_WAYS):
                redis = stack.enter_context(RedisServer())
                environment = stack.enter_context(environment_of(database, redis))
                app = stack.enter_context(
                    _AppWithAWay(
                        template=template, environment={**environment, "BENCHMARK_WAY": way}
                    )
                )
                call = calls(app.base_url)[0]
                measures[way] = partial(
                    measuring.load, app.pid, app.base_url, call, seconds=seconds
                )
            found = {
                way: [load.cpu_ms for load in loads]
                for way, loads in measuring.interleave(rounds, measures).items()
            }
        yield Table(
            title=f"Ways to write the history, on {NAMES[database]}",
            ours="processor time a request, ms",
            yardstick="without a history, ms",
            rows=[row(what, found[way], found["none"]) for way, what in _WAYS.items()],
        )


def main() -> None:
    """Print the tables."""
    for table in tables():
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
