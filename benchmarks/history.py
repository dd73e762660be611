"""What a row of the history costs: python -m benchmarks.history.

One thread writes rows by the writer and, as the yardstick, by the model; then eight threads write
at once, and each call is timed. On SQLite and PostgreSQL, each in a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import measuring
from benchmarks.http import DATABASES, NAMES
from benchmarks.tables import Table, row
from tests.plugin import fresh_keys
from tests.servers import PostgresServer

_ROWS: Final = 500
_THREADS: Final = 8
_WAYS: Final = ("writer", "model")


def tables(*, rounds: int = 7, databases: Sequence[str] = DATABASES) -> Iterator[Table]:
    """Yield two tables for each database."""
    for database in databases:
        with ExitStack() as stack:
            if database == "sqlite":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                url = f"sqlite:///{Path(folder, 'history.sqlite3')}"
            else:
                url = stack.enter_context(PostgresServer()).url
            output = subprocess.run(
                [sys.executable, "-m", "benchmarks.history", "--here", str(rounds)],
                env={
                    **os.environ,
                    **fresh_keys(),
                    "DOTENV": "",
                    "DATABASE_URL": url,
                    "DJANGO_SETTINGS_MODULE": "giropops.settings",
                },
                stdout=subprocess.PIPE,
                check=True,
            ).stdout
        found: dict[str, dict[str, list[float]]] = json.loads(output)
        for title, unit in (("one thread", "processor time, µs"), ("eight threads", "p99, ms")):
            measured = found[title]
            yield Table(
                title=f"A row of the history, {title}, on {NAMES[database]}",
                ours=f"writer, {unit}",
                yardstick=f"model, {unit}",
                rows=[row("one row", measured["writer"], measured["model"])],
            )


def measure(rounds: int) -> dict[str, dict[str, list[float]]]:
    """Return the figures of this process's database, which is empty."""
    import django  # noqa: PLC0415  # after the environment

    django.setup()

    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from passwords import domain, history  # noqa: PLC0415
    from passwords.models import Channel, Generation  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    recipe = domain.build("characters", {})

    def by_writer() -> None:
        assert history.record(recipe=recipe, owner=None, channel=Channel.API, count=1)  # noqa: S101

    def by_model() -> None:
        Generation.objects.create(
            created_at=timezone.now(),
            channel=Channel.API.value,
            kind=recipe.kind,
            count=1,
            size=recipe.size,
            entropy_bits=recipe.entropy_bits,
        )

    def processor_us(write: Callable[[], None]) -> float:
        began = time.process_time()
        for _ in range(_ROWS):
            write()
        return (time.process_time() - began) / _ROWS * 1e6

    def p99_ms(write: Callable[[], None]) -> float:
        def run(_number: int) -> list[float]:
            try:
                return [_seconds(write) for _ in range(_ROWS)]
            finally:
                connections.close_all()

        with ThreadPoolExecutor(_THREADS) as pool:
            times = sorted(seconds for found in pool.map(run, range(_THREADS)) for seconds in found)
        return times[len(times) * 99 // 100] * 1000

    ways = {"writer": by_writer, "model": by_model}
    return {
        title: measuring.interleave(rounds, {way: partial(take, ways[way]) for way in _WAYS})
        for title, take in (("one thread", processor_us), ("eight threads", p99_ms))
    }


def _seconds(write: Callable[[], None]) -> float:
    began = time.perf_counter()
    write()
    return time.perf_counter() - began


def main() -> None:
    """Print the tables, or this process's figures as JSON."""
    if sys.argv[1:2] == ["--here"]:
        sys.stdout.write(json.dumps(measure(int(sys.argv[2]))))
        return
    for table in tables():
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
