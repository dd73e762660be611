"""A pytest plugin: the live app of every test is a container, not a gunicorn of the work tree.

    pytest -p tests.image.as_live tests/browser tests/api/test_live.py

So the same tests drive both, over HTTP and with a browser.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import live
from tests.image.building import IMAGE, build, why_no_docker
from tests.image.containers import ContainerApp


class LiveContainer(ContainerApp):
    """A container in the place of `LiveApp`; it migrates a database of its own."""

    def __init__(self, *, template: Path, environment: Mapping[str, str] | None = None) -> None:  # noqa: ARG002  # LiveApp's
        super().__init__(image=build(IMAGE), environment=environment)


# Before the conftest files import the name.
live.LiveApp = LiveContainer  # type: ignore[assignment, misc]  # in the place of the other


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip every test where no Docker can be had."""
    if reason := why_no_docker():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))
