"""`manage.py backup` and `restore`: the SQLite database as one file, also while the app runs."""

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.live import LiveApp
from tests.management import program

POSTGRES = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}


def _path(own: dict[str, str]) -> Path:
    return Path(own["DATABASE_URL"].removeprefix("sqlite:///"))


def _mark(path: Path, key: str) -> None:
    """Write a row that identifies this state of a database."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO django_session VALUES (?, '', '2099-01-01')", [key])


def _marks(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT session_key FROM django_session").fetchall()
    return [key for (key,) in rows]


def _restore_from_stdin(content: bytes, own: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", "-"],
        cwd=program.ROOT,
        env=program.environment(own),
        input=content,
        capture_output=True,
        timeout=program.TIMEOUT_SECONDS,
        check=False,
    )


def test_a_backup_of_the_running_app_has_what_it_wrote(tmp_path: Path, live_template: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    with LiveApp(template=live_template) as app:
        made = requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=10)
        own = {"DATABASE_URL": app.environment["DATABASE_URL"]}

        ended = program.run("backup", str(backup), own=own)

        assert (made.status_code, ended.returncode, ended.stderr) == (200, 0, "")
        again = requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=10)
        assert again.status_code == 200
    with closing(sqlite3.connect(backup)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert database.execute("SELECT count(*) FROM passwords_generation").fetchone() == (1,)
    assert made.json()["senha"].encode() not in backup.read_bytes()


def test_a_backup_is_its_owner_s_alone_and_leaves_nothing_beside_it(
    tmp_path: Path, own_database: dict[str, str]
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    program.run("backup", str(folder / "b.sqlite3"), own=own_database)

    assert [path.name for path in folder.iterdir()] == ["b.sqlite3"]
    assert stat.S_IMODE((folder / "b.sqlite3").stat().st_mode) == 0o600


def test_a_backup_replaces_the_one_before_it(tmp_path: Path, own_database: dict[str, str]) -> None:
    backup = tmp_path / "b.sqlite3"
    backup.write_text("the one before")

    ended = program.run("backup", str(backup), own=own_database)

    assert ended.returncode == 0
    assert backup.read_bytes().startswith(b"SQLite format 3\0")


def test_what_a_backup_prints_can_be_restored(own_database: dict[str, str]) -> None:
    path = _path(own_database)
    _mark(path, "before")
    with program.start("backup", "-", own=own_database, stdout=subprocess.PIPE) as printing:
        content, _ = printing.communicate(timeout=program.TIMEOUT_SECONDS)
    _mark(path, "after")

    ended = _restore_from_stdin(content, own_database)

    assert ended.returncode == 0
    assert _marks(path) == ["before"]
    assert not list(path.parent.glob(".giropops*"))


def test_a_file_is_restored_into_a_new_folder(tmp_path: Path, own_database: dict[str, str]) -> None:
    _mark(_path(own_database), "before")
    new = {"DATABASE_URL": f"sqlite:///{tmp_path}/new/app.sqlite3"}
    program.run("backup", str(tmp_path / "b.sqlite3"), own=own_database)

    ended = program.run("restore", str(tmp_path / "b.sqlite3"), own=new)

    assert ended.returncode == 0
    assert _marks(_path(new)) == ["before"]
    assert stat.S_IMODE(_path(new).stat().st_mode) == 0o600


def test_half_a_backup_is_refused_and_changes_nothing(
    tmp_path: Path, own_database: dict[str, str]
) -> None:
    _mark(_path(own_database), "before")
    program.run("backup", str(tmp_path / "b.sqlite3"), own=own_database)
    content = (tmp_path / "b.sqlite3").read_bytes()
    _mark(_path(own_database), "after")

    ended = _restore_from_stdin(content[: len(content) // 2], own_database)

    assert ended.returncode == 2
    assert ended.stderr == b"FILE: is not a whole backup of this app\n"
    assert sorted(_marks(_path(own_database))) == ["after", "before"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0"])
def test_another_file_is_refused(content: bytes, own_database: dict[str, str]) -> None:
    ended = _restore_from_stdin(content, own_database)

    assert (ended.returncode, ended.stderr.count(b"\n")) == (2, 1)


def test_another_app_s_database_is_refused(tmp_path: Path, own_database: dict[str, str]) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite3")) as database:
        database.execute("CREATE TABLE django_migrations (app TEXT)")

    ended = program.run("restore", str(tmp_path / "other.sqlite3"), own=own_database)

    assert ended.returncode == 2


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_in_no_folder_is_one_line(command: str, own_database: dict[str, str]) -> None:
    ended = program.run(command, "/nowhere/at/all", own=own_database)

    assert ended.returncode == 1
    assert "No such file or directory" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_has_tools_of_its_own(command: str, tmp_path: Path) -> None:
    ended = program.run(command, str(tmp_path / "b"), own=POSTGRES)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "pg_dump" in ended.stderr


def test_there_is_nothing_to_back_up_before_the_first_start(no_database: dict[str, str]) -> None:
    ended = program.run("backup", "-", own=no_database)

    assert (ended.returncode, ended.stdout) == (1, "")


def test_a_backup_to_a_full_disk_fails(own_database: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        printing = program.start(
            "backup", "-", own=own_database, stdout=full, stderr=subprocess.PIPE
        )
        _, stderr = printing.communicate(timeout=program.TIMEOUT_SECONDS)

    assert printing.returncode == 1
    assert stderr.count(b"\n") == 1
