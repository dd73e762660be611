"""`python -m giropops`, which the image runs: serve, or any command."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.live import ROOT, GunicornServer
from tests.plugin import fresh_keys
from tests.servers import HOST

COMMAND = [sys.executable, "-m", "giropops"]


def environment(**own: str) -> dict[str, str]:
    """Return an environment for the program, without anything of the shell's own settings."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME"} or name.startswith("COVERAGE_")
    }
    return {**inherited, "DOTENV": "", **fresh_keys(), **own}


class Served(GunicornServer):
    """The app as the image serves it, with a database that is not there yet."""

    def _prepare(self) -> None:
        """Need nothing."""

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        own = {
            "HOST": HOST,
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{self.folder / 'new.sqlite3'}",
        }
        return subprocess.Popen(
            COMMAND,
            cwd=ROOT,
            env=environment(**own),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@pytest.mark.usefixtures("live_template")  # collects the static files
def test_a_database_in_a_file_is_made_before_it_serves() -> None:
    with Served() as app:
        answer = requests.get(f"{app.base_url}/", timeout=10)
        mode = (app.folder / "new.sqlite3").stat().st_mode
        log = app.log

    assert answer.status_code == requests.codes.ok
    assert stat.S_IMODE(mode) == 0o600
    assert f"Serving on {app.base_url}/" in log
    assert "There is no admin account yet: the command createsuperuser makes one" in log
    assert "Recents are kept in this process: replicas need REDIS_HOST or REDIS_URL" in log
    assert "Listening at" not in log


def test_a_database_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'missing' / 'app.sqlite3'}"

    ended = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(DATABASE_URL=database),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"giropops: the database {tmp_path / 'missing' / 'app.sqlite3'}, uid ")


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    garbage = tmp_path / "app.sqlite3"
    garbage.write_bytes(b"garbage " * 1000)

    ended = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(DATABASE_URL=f"sqlite:///{garbage}"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"giropops: the database {garbage}, uid ")


def test_it_runs_any_command() -> None:
    ended = subprocess.run(
        [*COMMAND, "generate", "--length", "20"],
        cwd=ROOT,
        env=environment(DATABASE_URL="sqlite://:memory:"),
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(ended.stdout.strip()) == 20
