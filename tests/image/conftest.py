"""The image and its containers; every test here skips where no Docker can be had."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack

import pytest

from tests.image.building import IMAGE, POSTGRES_IMAGE, build, why_no_docker
from tests.image.compose import Project
from tests.image.containers import ContainerApp
from tests.live import ROOT

StartContainer = Callable[..., ContainerApp]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    folder = ROOT / "tests" / "image"
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker("image")


@pytest.fixture(scope="session", autouse=True)
def _docker() -> None:
    """Find a daemon, or skip with the reason."""
    if reason := why_no_docker():
        pytest.skip(reason)


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
            environment: Mapping[str, str] | None = None,
            *,
            image: str = image,
            options: Sequence[str] = (),
        ) -> ContainerApp:
            app = ContainerApp(image=image, environment=environment, options=options)
            return containers.enter_context(app)

        yield start


@pytest.fixture(scope="session")
def container(image: str) -> Iterator[ContainerApp]:
    """A container with its database in a file and its recents in memory; tests share it."""
    with ContainerApp(image=image) as app:
        yield app


@pytest.fixture(scope="module")
def project(
    image: str, postgres_image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """The whole, up and healthy."""
    images = {"APP_IMAGE": postgres_image, "EMBEDDED_IMAGE": image}
    project = Project(tmp_path_factory.mktemp("compose"), images)
    try:
        project.compose("up", "--detach", "--pull", "never", "--no-build", "--wait")
        yield project
    finally:
        project.compose("--profile", "*", "down", "--volumes", "--timeout", "5")
