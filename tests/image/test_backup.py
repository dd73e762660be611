"""The steps of docs/operations.md: backups of the image's SQLite and of Compose's PostgreSQL."""

import subprocess
from pathlib import Path

import requests

from tests.image.compose import Project
from tests.image.conftest import StartContainer
from tests.image.containers import docker


def _generate(url: str) -> None:
    requests.post(f"{url}/api/gerar-senha", json={}, timeout=10).raise_for_status()


def test_a_database_in_a_file_is_restored_in_another_volume(
    start_container: StartContainer, image: str, tmp_path: Path
) -> None:
    app = start_container()
    backup = tmp_path / "backup.sqlite3"
    _generate(app.base_url)
    with backup.open("wb") as file:
        command = ["docker", "exec", app.name, "giropops", "backup", "-"]
        subprocess.run(command, stdout=file, check=True)
    _generate(app.base_url)
    other = start_container()
    other.stop()

    with backup.open("rb") as file:
        command = ["docker", "run", "--rm", "--interactive", "--network", "none"]
        command += ["--volume", f"{other.name}:/data", image, "restore", "-"]
        subprocess.run(command, stdin=file, check=True, capture_output=True)
    other.start()

    exported = other.execute("giropops", "history", "export", "--format", "ndjson")
    assert len(exported.splitlines()) == 1
    mode = other.execute("python", "-c", "import os; print(os.stat('/data/giropops.sqlite3'))")
    assert "st_mode=33152" in mode  # 0100600
    assert docker("inspect", "--format", "{{.State.Running}}", app.name) == "true"


def test_a_dump_of_compose_s_database_is_restored(project: Project, tmp_path: Path) -> None:
    count = ("exec", "-T", "postgres", "psql", "-U", "giropops", "-tAc")
    rows = (*count, "SELECT count(*) FROM passwords_generation", "giropops")
    dump = tmp_path / "backup.dump"
    _generate(project.url)
    project.compose("stop", "app")  # which writes what waits
    before = project.compose(*rows)

    project.pipe(
        *("exec", "-T", "postgres", "pg_dump", "-U", "giropops", "-Fc", "giropops"),
        stdout=dump,
    )
    project.compose("start", "app")
    project.compose("up", "--detach", "--pull", "never", "--no-build", "--wait")
    _generate(project.url)
    project.compose("stop", "app")
    changed = project.compose(*rows)
    project.pipe(
        *("exec", "-T", "postgres", "pg_restore", "-U", "giropops", "-d", "giropops"),
        *("--clean", "--if-exists", "--single-transaction"),
        stdin=dump,
    )
    project.compose("up", "--detach", "--pull", "never", "--no-build", "--wait")

    assert int(changed) == int(before) + 1
    assert project.compose(*rows) == before
    _generate(project.url)
