"""The app under its shipped gunicorn configuration against the reference, request by request.

Run it as ``python -m benchmarks.http [--rounds 5] [--seconds 3] [--database sqlite|postgres]``.
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
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks import measuring
from benchmarks.measuring import Call
from tests.live import GunicornServer, LiveApp, prepare
from tests.servers import PostgresServer, RedisServer

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


def compare(app: LiveApp, other: ReferenceApp, *, rounds: int, seconds: int) -> list[str]:
    """Measure both in turn; return the rows of the table."""
    rows = []
    for mine, theirs in zip(calls(app.base_url), calls(other.base_url), strict=True):
        run = partial(measuring.load, seconds=seconds)
        measures = {
            "app": partial(run, app.pid, app.base_url, mine),
            "reference": partial(run, other.pid, other.base_url, theirs),
        }
        results = measuring.interleave(rounds, measures)
        for measure in ("cpu_ms", "requests_per_second", "p50_ms", "p99_ms"):
            ours = [float(getattr(result, measure)) for result in results["app"]]
            reference_values = [float(getattr(result, measure)) for result in results["reference"]]
            ratios = [a / b for a, b in zip(ours, reference_values, strict=True)]
            rows.append(
                f"| {mine.name} | {measure} | {measuring.spread(ours)} "
                f"| {measuring.spread(reference_values)} | {measuring.spread(ratios)} |"
            )
            print(rows[-1], flush=True)
    ours_pss = measuring.pss_megabytes(measuring.process_tree(app.pid))
    theirs_pss = measuring.pss_megabytes(measuring.process_tree(other.pid))
    rows.append(
        f"| memory after it all | PSS, MB | {ours_pss:.1f} | {theirs_pss:.1f} "
        f"| {ours_pss / theirs_pss:.2f} |"
    )
    print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Print the table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    options = parser.parse_args()
    for database in options.database or ["sqlite", "postgres"]:
        print(f"\n## {database}\n\n| request | measure | app | reference | ratio |")
        print("|---|---|---|---|---|", flush=True)
        with (
            tempfile.TemporaryDirectory() as folder,
            RedisServer() as redis,
            RedisServer() as other_redis,
            _environment(database, redis) as environment,
            LiveApp(template=prepare(Path(folder)), environment=environment) as app,
            ReferenceApp(other_redis.url) as other,
        ):
            compare(app, other, rounds=options.rounds, seconds=options.seconds)


@contextmanager
def _environment(database: str, redis: RedisServer) -> Iterator[dict[str, str]]:
    environment = {"REDIS_URL": redis.url, "WEB_CONCURRENCY": "2"}
    if database == "sqlite":
        yield environment
        return
    with PostgresServer() as postgres:
        yield {**environment, "DATABASE_URL": postgres.url}


if __name__ == "__main__":
    main()
