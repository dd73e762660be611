"""The app as `pip install` leaves it: no checkout beside it, its data in the user's folder."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import requests

from giropops import __version__
from tests.live import ROOT, GunicornServer
from tests.servers import HOST

_INHERITED: Final = ("PATH", "HOME", "TMPDIR")


class InstalledApp(GunicornServer):
    """`giropops serve` with nothing set but where it listens.

    Args:
        packages: what would lie in site-packages.
    """

    def __init__(self, packages: Path) -> None:
        super().__init__()
        self._packages = packages

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of the app and its commands."""
        return {
            **{name: os.environ[name] for name in _INHERITED if name in os.environ},
            "PYTHONPATH": str(self._packages),
            "XDG_DATA_HOME": str(self.folder),
            "HOST": HOST,
            "PORT": str(self.port),
        }

    def execute(self, *arguments: str) -> str:
        """Return what a command prints."""
        return subprocess.run(
            [sys.executable, "-m", "giropops", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def _prepare(self) -> None:
        """There is nothing to prepare."""

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "giropops"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel has, built from a copy of the checkout."""
    pytest.importorskip("setuptools")
    source = tmp_path_factory.mktemp("source")
    # Without pyproject.toml, whose metadata an older setuptools than pip would take cannot read.
    shutil.copy(ROOT / "setup.py", source)
    without = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in ("giropops", "passwords", "templates", "tools"):
        shutil.copytree(ROOT / name, source / name, ignore=without)
    built = tmp_path_factory.mktemp("packages")
    subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build", "--build-lib", str(built)],
        cwd=source,
        capture_output=True,
        check=True,
    )
    return built


@pytest.fixture(scope="module")
def app(packages: Path) -> Iterator[InstalledApp]:
    """The installed app, which serves."""
    with InstalledApp(packages) as app:
        yield app


def test_it_has_every_file_of_the_checkout_that_it_needs(packages: Path) -> None:
    def names(folder: Path) -> set[str]:
        left_out = {".po", ".mo", ".pyc"}
        return {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and path.suffix not in left_out
        }

    assert names(packages / "passwords") == names(ROOT / "passwords")
    assert names(packages / "giropops" / "templates") == names(ROOT / "templates")
    assert len(list((packages / "passwords").rglob("*.mo"))) == 2


def test_it_serves_translated_pages_with_their_static_files(app: InstalledApp) -> None:
    page = requests.get(app.base_url, headers={"Accept-Language": "pt-br"}, timeout=10)
    (style,) = re.findall(r'href="(/static/passwords/style\.[^"]+)"', page.text)

    assert "Gerar" in page.text
    assert requests.get(f"{app.base_url}{style}", timeout=10).status_code == 200
    assert requests.get(f"{app.base_url}/admin/login/", timeout=10).status_code == 200


def test_its_data_are_the_users_own(app: InstalledApp) -> None:
    folder = app.folder / "giropops-senhas"
    names = {path.name for path in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {"giropops.sqlite3", "keys.env", f"static-{__version__}"} <= names
    assert stat.S_IMODE((folder / "keys.env").stat().st_mode) == 0o600


def test_its_commands_use_the_same_data(app: InstalledApp) -> None:
    secret = app.execute("generate", "--length", "20").strip()

    assert len(secret) == 20
    assert len(app.execute("history", "export").splitlines()) >= 2


def test_a_data_folder_that_cannot_be_created_is_one_line(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "giropops-senhas").touch()

    ended = subprocess.run(
        [sys.executable, "-m", "giropops"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(packages), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr == (
        f"giropops: {tmp_path}/giropops-senhas, uid {os.getuid()}: File exists\n"
    )
