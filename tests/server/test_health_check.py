"""The container's health check follows the readiness of the app."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from giropops.server.health_check import PATH, is_healthy
from tests.live import ROOT, LiveApp
from tests.servers import HOST, free_port


class Unready(http.server.BaseHTTPRequestHandler):
    """An app that is not ready."""

    def do_GET(self) -> None:  # the library's name
        """Answer 503."""
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@pytest.fixture
def unready_port() -> Iterator[int]:
    """The port of such an app."""
    with http.server.HTTPServer((HOST, 0), Unready) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def check(host: str, port: int) -> int:
    """Return the exit code of the program."""
    environment = {"HOST": host, "PORT": str(port), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "giropops.server.health_check"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@pytest.mark.parametrize("host", [HOST, "0.0.0.0"])  # noqa: S104  # requested, not bound to
def test_an_app_that_is_ready_is_healthy(live_app: LiveApp, host: str) -> None:
    assert check(host, live_app.port) == 0
    assert is_healthy(host, live_app.port)


def test_an_app_that_is_not_ready_is_not(unready_port: int) -> None:
    assert not is_healthy(HOST, unready_port)


def test_no_answer_is_unhealthy_without_a_traceback() -> None:
    assert check(HOST, free_port()) == 1
    assert not is_healthy(HOST, free_port())


def test_it_requests_readiness() -> None:
    assert PATH == "/readyz"
