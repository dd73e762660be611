"""The image and its containers; every test here skips where no Docker can be had."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Final

import pytest

from tests.image.containers import ContainerApp
from tests.live import ROOT

IMAGE: Final = "giropops-senhas:test"
POSTGRES_IMAGE: Final = "giropops-senhas:test-postgres"

StartContainer = Callable[..., ContainerApp]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    folder = ROOT / "tests" / "image"
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker("image")


@pytest.fixture(scope="session", autouse=True)
def _docker() -> None:
    """Find a daemon, or skip and say why."""
    found = subprocess.run(
        [ROOT / "tools" / "find_docker.sh"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        pytest.skip(found.stderr.strip() or "no Docker")
    for line in found.stdout.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ[name] = value


def build(tag: str, *flags: str) -> str:
    """Build the image as `make image` does; return its tag."""
    built = subprocess.run(
        ["make", "image", f"IMAGE={tag}", *flags],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout[-4000:] + built.stderr[-4000:]
    return tag


@pytest.fixture(scope="session")
def image(_docker: None) -> str:
    """The image, built from what is in the work tree."""
    return build(IMAGE)


@pytest.fixture(scope="session")
def postgres_image(_docker: None) -> str:
    """The image with the PostgreSQL driver."""
    return build(POSTGRES_IMAGE, "POSTGRES=true")


@pytest.fixture
def start_container(image: str) -> Iterator[StartContainer]:
    """Start containers of the image, which stop with the test."""
    with ExitStack() as containers:

        def start(
            environment: Mapping[str, str] | None = None, *, image: str = image
        ) -> ContainerApp:
            return containers.enter_context(ContainerApp(image=image, environment=environment))

        yield start


@pytest.fixture(scope="session")
def container(image: str) -> Iterator[ContainerApp]:
    """A container with its database in a file and its recents in memory; tests share it."""
    with ContainerApp(image=image) as app:
        yield app


@pytest.fixture
def live_app(container: ContainerApp) -> ContainerApp:
    """What the tests of the live gunicorn that are run here as well ask for."""
    return container
