"""Where a request's time goes: python -m benchmarks.parts.

The app answers in this process, without a server in front, one request after the other; then one
part of it is taken away at a time. The difference to the whole is what the part costs.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, redirect_stderr
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from benchmarks import measuring
from benchmarks.http import OLD_JSON
from benchmarks.tables import Table, row
from tests.plugin import fresh_keys
from tests.servers import RedisServer

ROUNDS: Final = 7
REQUESTS: Final = 400
_ROUTES: Final = (("POST", "/api/gerar-senha"), ("GET", "/api/senhas"), ("GET", "/"))

Answer = Callable[[str, str], None]


def answerer(application: Any) -> Answer:
    """Return a function that calls the application, always with the cookies of the first answer."""
    cookies: SimpleCookie = SimpleCookie()

    def start(_status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        if not cookies:
            for name, value in headers:
                if name == "Set-Cookie":
                    cookies.load(value)

    def answer(method: str, path: str) -> None:
        body = OLD_JSON.encode() if method == "POST" else b""
        response = application(
            {
                "REQUEST_METHOD": method,
                "SCRIPT_NAME": "",
                "PATH_INFO": path,
                "QUERY_STRING": "",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "127.0.0.1",
                "HTTP_HOST": "localhost",
                "HTTP_COOKIE": "; ".join(f"{name}={cookies[name].value}" for name in cookies),
                "CONTENT_TYPE": "application/json" if body else "",
                "CONTENT_LENGTH": str(len(body)) if body else "",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(body),
                "wsgi.errors": sys.stderr,
            },
            start,
        )
        b"".join(response)
        response.close()

    return answer


def removals() -> dict[str, list[AbstractContextManager[Any]]]:
    """Return what takes each part away."""
    from django.core import signals  # noqa: PLC0415  # after the settings

    from giropops.monitoring import metrics, requests  # noqa: PLC0415
    from passwords import history, owners  # noqa: PLC0415
    from passwords.recents import Owner  # noqa: PLC0415
    from passwords.recents.redis import RedisRecents  # noqa: PLC0415

    nothing: Callable[..., None] = lambda *_a, **_k: None  # noqa: E731
    owner = Owner.anonymous("0" * 32)
    return {
        "the history": [patch.object(history.writer, "write", nothing)],
        "Redis and encryption": [
            patch.object(RedisRecents, "add", nothing),
            patch.object(RedisRecents, "list", lambda *_arguments: []),
        ],
        "the owner's cookie": [
            patch.object(owners, "find_owner", lambda _request: owner),
            patch.object(owners, "set_owner_cookie", nothing),
        ],
        "the log line": [patch.object(requests, "_log", nothing)],
        "the metrics": [patch.object(metrics, "count_request", nothing)],
        "Django's signals": [
            patch.object(signals.request_started, "send", nothing),
            patch.object(signals.request_finished, "send", nothing),
        ],
    }


def microseconds(answer: Answer, request: tuple[str, str], without: list[Any]) -> float:
    """Return the processor time of a request, with some parts taken away."""
    with ExitStack() as stack:
        for removal in without:
            stack.enter_context(removal)
        began = time.process_time()
        for _ in range(REQUESTS):
            answer(*request)
        return (time.process_time() - began) / REQUESTS * 1e6


def tables() -> Iterator[Table]:
    """Yield a table for each request. This process becomes the app: run it last."""
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer() as redis,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stderr(nowhere),  # where the log goes, a line a request
    ):
        os.environ |= {
            "DOTENV": "",
            "DATABASE_URL": f"sqlite:///{folder}/app.sqlite3",
            "REDIS_URL": redis.url,
            **fresh_keys(),
        }
        answer = answerer(_application())
        parts = removals()
        for request in _ROUTES:
            measures = {"all": partial(microseconds, answer, request, [])} | {
                part: partial(microseconds, answer, request, without)
                for part, without in parts.items()
            }
            found = measuring.interleave(ROUNDS, measures)
            yield Table(
                title=f"{' '.join(request)}, in one process, without a part of it",
                ours="without it, µs",
                yardstick="the whole, µs",
                rows=[row(part, found[part], found["all"]) for part in parts],
            )


def _application() -> Any:
    from django.core.management import call_command  # noqa: PLC0415

    import giropops.server.gunicorn_conf  # noqa: F401, PLC0415  # sets Django up, as gunicorn does
    from giropops.server import preload  # noqa: PLC0415
    from giropops.wsgi import application  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    preload.load_all()
    return application


def main() -> None:
    """Print the tables."""
    for table in tables():
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
