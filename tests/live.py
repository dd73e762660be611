"""The app as it is deployed: migrated, with its static files collected, and served by gunicorn."""

import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.plugin import fresh_keys
from tests.servers import HOST, LoopbackServer

ROOT: Final = Path(__file__).resolve().parent.parent
_INHERITED: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class GunicornServer(LoopbackServer):
    """An application under gunicorn, which answers ``/healthz`` once it is there."""

    @property
    def base_url(self) -> str:
        """The scheme and authority of the app, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def kill(self) -> None:
        """End gunicorn and its workers at once (SIGKILL)."""
        os.killpg(self.pid, signal.SIGKILL)
        super().kill()

    def _serve(
        self, *arguments: str, environment: Mapping[str, str], log: int
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # its workers can then be killed with it
        )

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class LiveApp(GunicornServer):
    """The app under gunicorn, with an environment of its own.

    Args:
        template: the migrated SQLite database of `prepare`, of which the app gets a copy.
        environment: what to set beyond fresh keys; a PostgreSQL database is migrated.
    """

    configuration = "giropops/server/gunicorn_conf.py"

    def __init__(self, *, template: Path, environment: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._template = template
        self._own_environment = {**fresh_keys(), **(environment or {})}

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of the app: give it to a command that is to share its data."""
        return _environment(
            {
                "HOST": HOST,
                "PORT": str(self.port),
                "DATABASE_URL": f"sqlite:///{self.folder / 'app.sqlite3'}",
                **self._own_environment,
            }
        )

    def _prepare(self) -> None:
        scheme, _, path = self.environment["DATABASE_URL"].partition("://")
        if scheme == "sqlite":
            shutil.copy(self._template, path)
        else:
            _manage("migrate", environment=self.environment)

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return self._serve(
            *("-c", self.configuration, "giropops.wsgi"),
            environment=self.environment,
            log=log,
        )


def prepare(folder: Path) -> Path:
    """Migrate a template database in *folder* and collect the static files; return the template.

    Processes that share *folder* do it once between them.
    """
    template = folder / "template.sqlite3"
    with (folder / "live.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            unfinished = template.with_suffix(".unfinished")
            environment = _environment({**fresh_keys(), "DATABASE_URL": f"sqlite:///{unfinished}"})
            _manage("migrate", environment=environment)
            _manage("collectstatic", "--no-input", environment=environment)
            unfinished.rename(template)
    return template


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return *own* with the little that the app inherits from the shell that runs the tests."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith("COVERAGE_")
    }
    return {**inherited, "DOTENV": "", **own}


def _manage(*arguments: str, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)
