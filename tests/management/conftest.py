"""The fixtures of the commands' tests."""

import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

Call = Callable[..., tuple[str, str]]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def call() -> Call:
    """Call a command in this process; return what it wrote to stdout and to stderr."""

    def call_one(*arguments: str) -> tuple[str, str]:
        stdout, stderr = StringIO(), StringIO()
        call_command(*arguments, stdout=stdout, stderr=stderr)
        return stdout.getvalue(), stderr.getvalue()

    return call_one


@pytest.fixture
def no_database(tmp_path: Path) -> dict[str, str]:
    """The environment of a program whose database, and the folder it would be in, is missing."""
    return {"DATABASE_URL": f"sqlite:///{tmp_path}/missing/app.sqlite3"}


@pytest.fixture
def own_database(tmp_path: Path, live_template: Path) -> dict[str, str]:
    """The environment of a program with a migrated SQLite database of its own."""
    shutil.copy(live_template, tmp_path / "app.sqlite3")
    return {"DATABASE_URL": f"sqlite:///{tmp_path}/app.sqlite3"}
