"""The app under its shipped gunicorn configuration beside three yardsticks, request by request.

- the Flask reference under ``flask run``, as the course deploys it;
- the same under gunicorn with the app's two workers of four threads;
- Django with its usual seven middlewares and views that do nothing, under the same gunicorn.

Run it as ``python -m benchmarks.http [--rounds 3] [--seconds 2] [--database sqlite|postgres]``.
All take turns in one run; only their ratios mean anything on a shared machine.
"""

import argparse
import http.cookiejar
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlencode

from benchmarks import measuring
from benchmarks.measuring import Call
from benchmarks.tables import Bar, Row, Table, row
from tests.live import ROOT, GunicornServer, LiveApp, prepare
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


class Yardstick(GunicornServer):
    """A WSGI application under gunicorn with two workers of four threads, as the app."""

    application: ClassVar[str]

    def __init__(self, redis_url: str) -> None:
        super().__init__()
        self._environment = {**os.environ, "REDIS_URL": redis_url}

    def _prepare(self) -> None:
        """Nothing: it keeps all in Redis, or keeps nothing."""

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return self._serve(
            *("--workers=2", "--threads=4", "--worker-class=gthread", "--reuse-port"),
            *("--keep-alive=5", "--preload", "--no-control-socket"),
            *(f"--bind=127.0.0.1:{self.port}", self.application),
            environment=self._environment,
            log=log,
        )


class ReferenceApp(Yardstick):
    """The Flask reference under gunicorn."""

    application = "benchmarks.reference:app"


class PlainDjango(Yardstick):
    """Django with its usual middlewares."""

    application = "benchmarks.plain_django:application"


class FlaskRun(Yardstick):
    """The Flask reference under Flask's own server, as the course deploys it."""

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app=benchmarks.reference", "run"],
            cwd=ROOT,
            env={**self._environment, "FLASK_RUN_PORT": str(self.port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def calls(base_url: str) -> list[Call]:
    """Return the four requests, with the cookies of a visitor of *base_url*."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    for _ in range(10):  # ten recents, as a class soon has
        request = urllib.request.Request(  # noqa: S310  # loopback
            base_url + "/api/gerar-senha", data=OLD_JSON.encode(), headers=JSON
        )
        opener.open(request).read()
    cookie = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)} if jar else {}
    form = urlencode(OLD_FIELDS)
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


# What the ratio of the processor time may be at most, by yardstick.
BARS: Final = {
    "flask run": {
        "POST /api/gerar-senha": 1.0, "GET /api/senhas": 0.75, "GET /": 1.2, "POST /": 1.3,
    },
    "reference, same gunicorn": {
        "POST /api/gerar-senha": 1.8, "GET /api/senhas": 1.5, "GET /": 1.8, "POST /": 2.2,
    },
    "Django, seven middlewares": {},
}  # fmt: skip
MEMORY_MEGABYTES: Final = 100.0
"""What all processes of the app may share, after it all."""
_MEASURES: Final = {
    "cpu_ms": "processor time, ms",
    "p99_ms": "p99, ms",
    "p50_ms": "p50, ms",
    "requests_per_second": "requests a second",
}


def compare(
    app: LiveApp, yardsticks: Mapping[str, Yardstick], *, rounds: int, seconds: int
) -> dict[str, list[Row]]:
    """Measure all in turn; return the rows of the table of each yardstick."""
    servers: dict[str, GunicornServer] = {"app": app, **yardsticks}
    found: dict[str, list[Row]] = {name: [] for name in yardsticks}
    requests = {name: calls(server.base_url) for name, server in servers.items()}
    for number, call in enumerate(requests["app"]):
        measures = {
            name: partial(
                measuring.load,
                server.pid,
                server.base_url,
                requests[name][number],
                seconds=seconds,
            )
            for name, server in servers.items()
        }
        results = measuring.interleave(rounds, measures)
        for name, rows in found.items():
            bar = BARS[name].get(call.name)
            for measure, text in _MEASURES.items():
                ours, theirs = (
                    [float(getattr(load, measure)) for load in results[who]]
                    for who in ("app", name)
                )
                limit = Bar(at_most=bar) if bar and measure == "cpu_ms" else None
                rows.append(row(f"{call.name}: {text}", ours, theirs, limit))
    memory = {
        name: [measuring.pss_megabytes(measuring.process_tree(server.pid))]
        for name, server in servers.items()
    }
    for name, rows in found.items():
        rows.append(row("memory after it all: PSS, MB", memory["app"], memory[name]))
    first = next(iter(found.values()))
    first.append(
        row("the same, beside its limit", memory["app"], [MEMORY_MEGABYTES], Bar(at_most=1.0))
    )
    return found


def tables(
    *, rounds: int = 3, seconds: int = 2, databases: Sequence[str] = DATABASES
) -> Iterator[Table]:
    """Yield the tables of each database, one a yardstick."""
    for database in databases:
        with (
            tempfile.TemporaryDirectory() as folder,
            RedisServer() as redis,
            RedisServer() as flask_redis,
            RedisServer() as reference_redis,
            environment_of(database, redis) as environment,
            LiveApp(template=prepare(Path(folder)), environment=environment) as app,
            FlaskRun(flask_redis.url) as flask_run,
            ReferenceApp(reference_redis.url) as reference,
            PlainDjango(reference_redis.url) as django,
        ):
            yardsticks = dict(zip(BARS, (flask_run, reference, django), strict=True))
            rows = compare(app, yardsticks, rounds=rounds, seconds=seconds)
        for name, of_yardstick in rows.items():
            yield Table(
                title=f"Requests, on {NAMES[database]}, beside {name}",
                ours="app",
                yardstick=name,
                rows=of_yardstick,
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
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--database", choices=DATABASES, action="append")
    options = parser.parse_args()
    for table in tables(
        rounds=options.rounds, seconds=options.seconds, databases=options.database or DATABASES
    ):
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
