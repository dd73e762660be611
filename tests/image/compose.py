"""The compose file of the repository, run with secrets, volumes and a port of its own."""

import json
import os
import secrets
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.live import ROOT
from tests.servers import HOST, free_port
from tools.make_secrets import write_missing

# On loopback no host forwards, and no image is fetched from anywhere.
FILES: Final = ("--file", "docker-compose.yml", "--file", "tests/image/compose.standins.yml")


class Project:
    """One run of the compose file, with secrets, volumes, networks and a port of its own."""

    def __init__(self, folder: Path, images: dict[str, str]) -> None:
        self.secrets = folder / "secrets"
        write_missing(self.secrets)
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._name = f"giropops-test-{secrets.token_hex(6)}"
        self._environment = {"PORT": str(self.port), "SECRETS": str(self.secrets), **images}

    def compose(self, *arguments: str) -> str:
        """Return what a compose command prints."""
        done = subprocess.run(
            ["docker", "compose", "--project-name", self._name, *FILES, *arguments],
            cwd=ROOT,
            env={**os.environ, **self._environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def pipe(
        self, *arguments: str, stdin: Path = Path(os.devnull), stdout: Path = Path(os.devnull)
    ) -> None:
        """Run a compose command with files in place of its streams."""
        with stdin.open("rb") as read, stdout.open("wb") as written:
            subprocess.run(
                ["docker", "compose", "--project-name", self._name, *FILES, *arguments],
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=read,
                stdout=written,
                check=True,
            )

    def containers(self) -> dict[str, dict[str, Any]]:
        """Return Docker's description of each service's container."""
        ids = self.compose("ps", "--all", "--quiet").split()
        inspected = subprocess.run(
            ["docker", "inspect", *ids], capture_output=True, text=True, check=True
        )
        return {
            found["Config"]["Labels"]["com.docker.compose.service"]: found
            for found in json.loads(inspected.stdout)
        }
