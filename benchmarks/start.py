"""From nothing to the first answered page: python -m benchmarks.start [--image NAME].

Embedded: gunicorn as `make run` starts it, on a migrated SQLite database, with Redis. In the image
(only with --image and a Docker daemon): `docker run` of the app alone, which migrates first. The
yardstick is the reference under the same gunicorn. Seconds on the wall, since that is what waits.
"""

import argparse
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import measuring
from benchmarks.http import ReferenceApp
from benchmarks.tables import Bar, Table, row
from tests.live import GunicornServer, LiveApp, prepare
from tests.servers import RedisServer
from tools.image_start import start_seconds

EMBEDDED_SECONDS: Final = 1.2
IMAGE_SECONDS: Final = 1.5
_POLL_SECONDS: Final = 0.005
_PATIENCE_SECONDS: Final = 60.0


def wait_for_page(url: str) -> None:
    """Return once the page is answered.

    Raises:
        TimeoutError: it never was.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/", timeout=5) as response:  # noqa: S310  # loopback
                response.read()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    raise TimeoutError(url)


class _Eager:
    """Starts a server's process without waiting for it to answer."""

    def _answers(self) -> bool:
        return True


class EagerApp(_Eager, LiveApp):
    """The app, which is not waited for."""


class EagerReference(_Eager, ReferenceApp):
    """The reference, which is not waited for."""


def embedded(make: Callable[[], GunicornServer]) -> float:
    """Start one server, and return the seconds to its first page."""
    began = time.perf_counter()
    with make() as server:
        wait_for_page(server.base_url)
        return time.perf_counter() - began


def tables(*, rounds: int = 5, image: str | None = None) -> Iterator[Table]:
    """Yield the one table; the ratios are those to the bar in seconds."""
    with tempfile.TemporaryDirectory() as folder, RedisServer() as redis:
        template = prepare(Path(folder))
        environment = {"REDIS_URL": redis.url, "WEB_CONCURRENCY": "2"}
        measures = {
            "app": partial(embedded, partial(EagerApp, template=template, environment=environment)),
            "reference": partial(embedded, partial(EagerReference, redis.url)),
        }
        if image:
            measures["image"] = partial(start_seconds, image)
        found = measuring.interleave(rounds, measures)
    bars = {"app": ("embedded", EMBEDDED_SECONDS), "image": (f"image {image}", IMAGE_SECONDS)}
    yield Table(
        title="From nothing to the first page",
        ours="seconds",
        yardstick="allowed",
        rows=[
            row(name, found[who], [limit] * rounds, Bar(at_most=1.0))
            for who, (name, limit) in bars.items()
            if who in found
        ]
        + [row("embedded, beside the reference", found["app"], found["reference"])],
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--image")
    options = parser.parse_args()
    for table in tables(rounds=options.rounds, image=options.image):
        print(table)


if __name__ == "__main__":
    main()
