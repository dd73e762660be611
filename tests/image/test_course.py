"""The course's three images, built by `make curso`, and its three commands."""

import re
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Final

import pytest
import requests

from tests.image.containers import DockerError, docker
from tests.live import ROOT
from tests.servers import HOST, START_SECONDS, free_port

IMAGES: Final = ("giropops-senhas:1.0", "giropops-senhas:2.0", "giropops-senhas:3.0")
BASES: Final = ("python:3.11", "python:3.11-slim")
MAKE_BASES: Final = ROOT.parent / "shared" / "containers" / "make-course-bases"
Run = Callable[[str], str]


@pytest.fixture(scope="module")
def printed() -> str:
    """What `make curso` prints."""
    if any(not docker("image", "ls", "--quiet", base) for base in BASES) and MAKE_BASES.exists():
        subprocess.run([MAKE_BASES], check=True, capture_output=True)
    made = subprocess.run(
        ["make", "curso"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-4000:]
    return made.stdout


@pytest.fixture
def run(printed: str) -> Iterator[Run]:  # noqa: ARG001  # the images are there
    """Run an image as the course does, beside a Redis in a network; return the app's address."""
    network = f"giropops-test-{secrets.token_hex(6)}"
    with ExitStack() as stack:
        docker("network", "create", network)
        stack.callback(docker, "network", "rm", network)

        def start(*arguments: str) -> str:
            name = docker("run", "--detach", "--network", network, *arguments)
            stack.callback(docker, "rm", "--force", "--volumes", name)
            return name

        def run_app(image: str) -> str:
            start("--network-alias", "redis", "cgr.dev/chainguard/valkey", "--protected-mode", "no")
            port = free_port()
            start("--publish", f"{HOST}:{port}:5000", "--env", "REDIS_HOST=redis", image)
            url = f"http://{HOST}:{port}"
            _wait(url)
            return url

        yield run_app


def _wait(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            if requests.get(f"{url}/healthz", timeout=5).ok:
                return
        time.sleep(0.1)
    pytest.fail(f"{url} does not answer")


@pytest.mark.parametrize("image", IMAGES)
def test_the_three_commands_of_the_course_serve_the_page(run: Run, image: str) -> None:
    url = run(image)

    with requests.Session() as visitor:
        page = visitor.get(f"{url}/", timeout=10)
        sent = visitor.post(f"{url}/", data={"tamanho": "12"}, timeout=10)
        made = visitor.post(f"{url}/api/gerar-senha", json={"tamanho": 16}, timeout=10).json()
        kept = visitor.get(f"{url}/api/senhas", timeout=10).json()

    assert (page.status_code, sent.status_code) == (200, 200)
    assert kept[0]["senha"] == made["senha"]
    assert len(kept) == 2
    redis = requests.get(f"{url}/readyz", timeout=10).json()["dependencies"]["redis"]
    assert redis["status"] == "ok"


def test_each_image_is_smaller_than_the_one_before(printed: str) -> None:
    rows = re.findall(r"^(giropops-senhas:\S+) .* MB .* MB .* MB", printed, re.MULTILINE)
    sizes = [int(docker("image", "inspect", "--format", "{{.Size}}", image)) for image in IMAGES]

    assert rows == list(IMAGES)
    assert sizes == sorted(sizes, reverse=True)


def test_the_table_says_what_the_course_published(printed: str) -> None:
    published = re.findall(r"^giropops-senhas:.*  (\S+ [GM]B)$", printed, re.MULTILINE)

    assert published == ["1.03 GB", "149 MB", "72.8 MB"]


@pytest.mark.parametrize("program", ["sh", "ls", "pip", "apk"])
def test_the_last_image_has_no_shell_and_no_package_manager(printed: str, program: str) -> None:
    assert printed

    with pytest.raises(DockerError, match="executable file not found"):
        docker("run", "--rm", "--network", "none", "--entrypoint", program, IMAGES[-1])


def test_the_last_image_runs_without_privileges(printed: str) -> None:
    assert printed

    assert docker("image", "inspect", "--format", "{{.Config.User}}", IMAGES[-1]) == "65532"
