"""Containers of the image, run hardened on the host's loopback, as servers of the tests."""

import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.live import GunicornServer
from tests.plugin import fresh_keys
from tests.servers import HOST

HARDENED: Final = (
    *("--network", "host", "--read-only", "--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges", "--pids-limit", "128", "--memory", "256m"),
    *("--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=16m"),  # noqa: S108  # the container's own
)


class DockerError(RuntimeError):
    """A docker command failed; carries what it wrote."""


def docker(*arguments: str) -> str:
    """Return what a docker command prints.

    Raises:
        DockerError: it failed.
    """
    done = subprocess.run(
        ["docker", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DockerError(done.stderr + done.stdout)
    return done.stdout.strip()


class ContainerApp(GunicornServer):
    """The app in a container; its data lie in a volume that outlives `kill` and `restart`.

    Args:
        image: the image to run.
        environment: what to set beyond fresh keys.
        options: more options of `docker run`.
    """

    def __init__(
        self,
        *,
        image: str,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._image = image
        self._options = options
        self._own_environment = {**fresh_keys(), **(environment or {})}
        self.name = f"giropops-test-{secrets.token_hex(6)}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the container gets."""
        return {"HOST": HOST, "PORT": str(self.port), **self._own_environment}

    def __exit__(self, *exc_info: object) -> None:
        """Stop the container, and remove its data."""
        super().__exit__(*exc_info)
        docker("rm", "--force", self.name)
        docker("volume", "rm", "--force", self.name)

    def execute(self, *command: str) -> str:
        """Return what *command* prints inside the running container."""
        return docker("exec", self.name, *command)

    def inspect(self, template: str) -> str:
        """Return a part of Docker's description of the container, by a Go template."""
        return docker("inspect", "--format", template, self.name)

    def kill(self) -> None:
        """End the container at once, as a crash would."""
        process = self._running()
        docker("kill", self.name)
        process.wait()
        self._process = None

    def _prepare(self) -> None:
        """Make the file of the variables: `ps` shows arguments."""
        self._file.touch(mode=0o600)

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        lines = [f"{name}={value}" for name, value in self.environment.items()]
        self._file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        docker("rm", "--force", self.name)
        command = [
            *("docker", "run", "--name", self.name, "--volume", f"{self.name}:/data"),
            *("--env-file", str(self._file), *HARDENED, *self._options, self._image),
        ]
        # Docker's client stays in front and passes SIGTERM on to the container.
        return subprocess.Popen(
            command, env=os.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )

    @property
    def _file(self) -> Path:
        return self.folder / "environment"
