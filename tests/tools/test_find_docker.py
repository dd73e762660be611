"""Where Docker is searched for, and the message where there is none."""

import os
import subprocess
from pathlib import Path

from tests.live import ROOT


def find(folder: Path, *, up: str = "/nonexistent") -> subprocess.CompletedProcess[str]:
    """Run the script with the programs in *folder* before all others."""
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "GIROPOPS_CONTAINERS_UP": up}
    command = [ROOT / "tools" / "find_docker.sh"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def program(path: Path, *lines: str) -> str:
    """Write a shell script; return its path."""
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_daemon_that_answers_needs_nothing(tmp_path: Path) -> None:
    program(tmp_path / "docker", "exit 0")

    found = find(tmp_path)

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_without_one_the_script_beside_the_clone_starts_it(tmp_path: Path) -> None:
    program(tmp_path / "docker", "exit 1")
    up = program(tmp_path / "up", "echo noise >&2", "echo export DOCKER_HOST=unix:///socket")

    found = find(tmp_path, up=up)

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == "export DOCKER_HOST=unix:///socket\n"


def test_one_that_does_not_start_is_one_line(tmp_path: Path) -> None:
    program(tmp_path / "docker", "exit 1")
    up = program(tmp_path / "up", "echo first >&2", "echo no space left >&2", "exit 3")

    found = find(tmp_path, up=up)

    assert found.returncode == 1
    assert found.stderr == (
        "giropops: no Docker: the private daemon does not start: no space left\n"
    )


def test_nowhere_to_look_is_one_line(tmp_path: Path) -> None:
    program(tmp_path / "docker", "exit 1")

    found = find(tmp_path)

    assert found.returncode == 1
    assert found.stderr.startswith("giropops: no Docker: no daemon answers")
    assert len(found.stderr.splitlines()) == 1
