"""The app under its shipped gunicorn configuration against the reference, request by request.

Run it as ``python -m benchmarks.http [--rounds 5] [--seconds 2] [--database sqlite|postgres]``.
The two are measured in turn in one run; only their ratios mean anything on a shared machine.
"""

import argparse
import http.cookiejar
import json
import os
import re
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks import measuring
from benchmarks.measuring import Call
from benchmarks.tables import Bar, Row, Table, row
from tests.live import GunicornServer, LiveApp, prepare
from tests.servers import PostgresServer, RedisServer

DATABASES: Final = ("sqlite", "postgres")
NAMES: Final = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
OLD_FIELDS: Final = {
    "tamanho": "16", "incluir_numeros": "on", "incluir_caracteres_especiais": "on"
}  # fmt: skip
OLD_JSON: Final = json.dumps(
    {"tamanho": 16, "incluir_numeros": True, "incluir_caracteres_especiais": True}
)
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
JSON: Final = {"Content-Type": "application/json"}


class ReferenceApp(GunicornServer):
    """The reference under the same worker model."""

    def __init__(self, redis_url: str) -> None:
        super().__init__()
        self._redis_url = redis_url

    def _prepare(self) -> None:
        """Nothing: it keeps all in Redis."""

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return self._serve(
            *("--workers=2", "--threads=4", "--worker-class=gthread", "--reuse-port"),
            *("--keep-alive=5", "--preload", "--no-control-socket"),
            *(f"--bind=127.0.0.1:{self.port}", "benchmarks.reference:app"),
            environment={**os.environ, "REDIS_URL": self._redis_url},
            log=log,
        )


def calls(base_url: str) -> list[Call]:
    """Return the four requests, with the cookies and the token of a visitor of *base_url*."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(base_url + "/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    for _ in range(10):  # ten recents, as a class soon has
        request = urllib.request.Request(  # noqa: S310  # loopback
            base_url + "/api/gerar-senha", data=OLD_JSON.encode(), headers=JSON
        )
        opener.open(request).read()
    cookie = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)} if jar else {}
    form = urlencode({**OLD_FIELDS, **({"csrfmiddlewaretoken": token[1]} if token else {})})
    return [
        Call(
            name="POST /api/gerar-senha",
            method="POST",
            path="/api/gerar-senha",
            body=OLD_JSON,
            headers={**JSON, **cookie},
        ),
        Call(name="GET /api/senhas", method="GET", path="/api/senhas", headers=cookie),
        Call(name="GET /", method="GET", path="/", headers=cookie),
        Call(name="POST /", method="POST", path="/", body=form, headers={**FORM, **cookie}),
    ]


# What the ratio of the processor time may be at most.
BARS: Final = {
    "POST /api/gerar-senha": 1.0,
    "GET /api/senhas": 1.0,
    "GET /": 1.2,
    "POST /": 1.2,
}
MEMORY_BAR: Final = Bar(at_most=1.2)
_MEASURES: Final = {
    "cpu_ms": "processor time, ms",
    "p99_ms": "p99, ms",
    "p50_ms": "p50, ms",
    "requests_per_second": "requests a second",
}


def compare(app: LiveApp, other: ReferenceApp, *, rounds: int, seconds: int) -> list[Row]:
    """Measure both in turn; return the rows of the table."""
    found = []
    for mine, theirs in zip(calls(app.base_url), calls(other.base_url), strict=True):
        measures = {
            "app": partial(measuring.load, app.pid, app.base_url, mine, seconds=seconds),
            "reference": partial(
                measuring.load, other.pid, other.base_url, theirs, seconds=seconds
            ),
        }
        results = measuring.interleave(rounds, measures)
        bars = {"cpu_ms": Bar(at_most=BARS[mine.name]), "p99_ms": Bar(at_most=1.0)}
        for name, text in _MEASURES.items():
            ours, reference = (
                [float(getattr(load, name)) for load in results[who]] for who in measures
            )
            found.append(row(f"{mine.name}: {text}", ours, reference, bars.get(name)))
    memory = [measuring.pss_megabytes(measuring.process_tree(who.pid)) for who in (app, other)]
    found.append(row("memory after it all: PSS, MB", memory[:1], memory[1:], MEMORY_BAR))
    return found


def tables(
    *, rounds: int = 5, seconds: int = 2, databases: Sequence[str] = DATABASES
) -> Iterator[Table]:
    """Yield the table of each database."""
    for database in databases:
        with (
            tempfile.TemporaryDirectory() as folder,
            RedisServer() as redis,
            RedisServer() as other_redis,
            environment_of(database, redis) as environment,
            LiveApp(template=prepare(Path(folder)), environment=environment) as app,
            ReferenceApp(other_redis.url) as other,
        ):
            yield Table(
                title=f"Requests, on {NAMES[database]}",
                ours="app",
                yardstick="reference",
                rows=compare(app, other, rounds=rounds, seconds=seconds),
            )


@contextmanager
def environment_of(database: str, redis: RedisServer) -> Iterator[dict[str, str]]:
    """Give the app's environment with Redis and, while the block lasts, a database."""
    environment = {"REDIS_URL": redis.url, "WEB_CONCURRENCY": "2"}
    if database == "sqlite":
        yield environment
        return
    with PostgresServer() as postgres:
        yield {**environment, "DATABASE_URL": postgres.url}


def main() -> None:
    """Print the table for each database."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--database", choices=DATABASES, action="append")
    options = parser.parse_args()
    for table in tables(
        rounds=options.rounds, seconds=options.seconds, databases=options.database or DATABASES
    ):
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
