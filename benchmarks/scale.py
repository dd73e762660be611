"""What a request costs as everything grows: python -m benchmarks.scale.

A history of a million rows beside an empty one, 100,000 owners in Redis beside one, 100 secrets a
request beside one, four replicas beside one. Each pair takes turns; a ratio of 1 says that growing
costs nothing. (What the command costs as the count grows: `benchmarks.command`.)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import redis as redis_client

from benchmarks import measuring
from benchmarks.http import DATABASES, NAMES, calls, environment_of
from benchmarks.measuring import Call
from benchmarks.tables import Bar, Row, Table, row
from tests.live import ROOT, LiveApp, prepare
from tests.servers import PostgresServer, RedisServer

ROWS: Final = 1_000_000
OWNERS: Final = 100_000
SECRETS: Final = (10, 100)
REPLICAS: Final = (2, 4)
_FRAME_BYTES: Final = 140
# What may grow with the size of an index, and no more.
_FLAT: Final = Bar(at_most=1.2)
# Summed and sealed as well: else the workers would do that beside the requests for a while.
_SEED: Final = """
import django
django.setup()
from benchmarks.admin import seed
from passwords import audit
from passwords.history import daily_totals
seed({rows})
daily_totals.update()
audit.seal()
"""


def of_history(database: str, *, rounds: int, seconds: int) -> Iterator[Row]:
    """Yield what drawing costs on a long history, beside an empty one."""
    with _app(database) as small, _app(database) as large:
        subprocess.run(
            [sys.executable, "-c", _SEED.format(rows=ROWS)],
            cwd=ROOT,
            env={**large.environment, "DJANGO_SETTINGS_MODULE": "giropops.settings"},
            check=True,
        )
        pairs = zip(calls(large.base_url), calls(small.base_url), strict=True)
        for large_call, small_call in pairs:
            if large_call.method == "POST":
                found = _in_turn(
                    (large, large_call), (small, small_call), rounds=rounds, seconds=seconds
                )
                yield row(f"{large_call.name}, {ROWS:,} rows on {NAMES[database]}", *found, _FLAT)


def of_owners(*, rounds: int, seconds: int) -> Iterator[Row]:
    """Yield what the API costs the app with many owners in Redis, beside one."""
    with ExitStack() as stack:
        apps = []
        for owners in (OWNERS, 0):
            redis = stack.enter_context(RedisServer())
            _fill(redis, owners)
            apps.append(stack.enter_context(_app("sqlite", redis)))
        for many, one in list(zip(*(calls(app.base_url) for app in apps), strict=True))[:2]:
            found = _in_turn((apps[0], many), (apps[1], one), rounds=rounds, seconds=seconds)
            yield row(f"{many.name}, {OWNERS:,} owners", *found, _FLAT)


def of_secrets(*, rounds: int, seconds: int) -> Iterator[Row]:
    """Yield the cost of one secret in a request for many, beside a request for one."""
    with _app("sqlite") as app:
        first = calls(app.base_url)[0]
        for count in SECRETS:
            requests = [
                replace(
                    first,
                    name=f"POST /api/v1/secrets, {number} secrets",
                    path="/api/v1/secrets",
                    body=json.dumps({"kind": "characters", "length": 20, "count": number}),
                )
                for number in (count, 1)
            ]
            many, one = _in_turn(
                (app, requests[0]), (app, requests[1]), rounds=rounds, seconds=seconds
            )
            yield row(
                f"{requests[0].name}, each", [ms / count for ms in many], one, Bar(at_most=1.0)
            )


def of_replicas(*, rounds: int, seconds: int) -> Iterator[Row]:
    """Yield what a request costs where several replicas share the stores, beside one alone."""
    with (
        RedisServer() as redis,
        PostgresServer() as postgres,
        tempfile.TemporaryDirectory() as folder,
        ExitStack() as stack,
    ):
        template = prepare(Path(folder))
        environment = {
            "REDIS_URL": redis.url,
            "DATABASE_URL": postgres.url,
            "WEB_CONCURRENCY": "1",
        }
        apps = [
            stack.enter_context(LiveApp(template=template, environment=environment))
            for _ in range(max(REPLICAS))
        ]
        requests = [(app, calls(app.base_url)[0]) for app in apps]
        for number in REPLICAS:
            measures = {
                "many": partial(_together, requests[:number], seconds=seconds),
                "one": partial(_together, requests[:1], seconds=seconds),
            }
            found = measuring.interleave(rounds, measures)
            yield row(f"POST /api/gerar-senha, {number} replicas", found["many"], found["one"])


def tables(
    *, rounds: int = 3, seconds: int = 2, databases: Sequence[str] = DATABASES
) -> Iterator[Table]:
    """Yield the one table."""
    run = {"rounds": rounds, "seconds": seconds}
    rows = [found for database in databases for found in of_history(database, **run)]
    yield Table(
        title="As everything grows",
        ours="grown: processor time, ms",
        yardstick="small, ms",
        rows=[*rows, *of_owners(**run), *of_secrets(**run), *of_replicas(**run)],
    )


@contextmanager
def _app(database: str, redis: RedisServer | None = None) -> Iterator[LiveApp]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        used = redis or stack.enter_context(RedisServer())
        environment = stack.enter_context(environment_of(database, used))
        yield stack.enter_context(LiveApp(template=prepare(folder), environment=environment))


def _in_turn(
    ours: tuple[LiveApp, Call], yardstick: tuple[LiveApp, Call], *, rounds: int, seconds: int
) -> tuple[list[float], list[float]]:
    measures = {
        "ours": partial(_together, [ours], seconds=seconds),
        "yardstick": partial(_together, [yardstick], seconds=seconds),
    }
    found = measuring.interleave(rounds, measures)
    return found["ours"], found["yardstick"]


def _together(requests: Sequence[tuple[LiveApp, Call]], *, seconds: int) -> float:
    """Send all at once; return the mean processor time of a request, in milliseconds."""
    with ThreadPoolExecutor(len(requests)) as pool:
        loads = pool.map(
            lambda pair: measuring.load(pair[0].pid, pair[0].base_url, pair[1], seconds=seconds),
            requests,
        )
        return statistics.fmean(load.cpu_ms for load in loads)


def _fill(redis: RedisServer, owners: int) -> None:
    """Give so many owners ten items each, of the size that ours have."""
    client = redis_client.Redis.from_url(redis.url)
    for first in range(0, owners, 1000):
        pipe = client.pipeline(transaction=False)
        for owner in range(first, min(first + 1000, owners)):
            items = {os.urandom(_FRAME_BYTES): place for place in range(10)}
            pipe.zadd(f"giropops:recents:{{{owner:032x}}}", items)
        pipe.execute()


def main() -> None:
    """Print the table."""
    for table in tables():
        print(table)


if __name__ == "__main__":
    main()
