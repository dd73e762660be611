"""The secrets of the compose file are made once, in files that only their owner can read."""

import stat
from pathlib import Path

import pytest

from giropops.conf import environment
from tools import make_secrets


def read(folder: Path) -> dict[str, str]:
    """Return the contents of the files by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_only_the_owner_gets_into_the_folder_and_containers_read_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    make_secrets.write_missing(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def test_what_is_there_stays(tmp_path: Path) -> None:
    first = make_secrets.write_missing(tmp_path)
    before = read(tmp_path)

    assert sorted(first) == sorted(before)
    assert make_secrets.write_missing(tmp_path) == []
    assert read(tmp_path) == before


def test_a_file_that_is_missing_is_made_to_fit_the_others(tmp_path: Path) -> None:
    make_secrets.write_missing(tmp_path)
    before = read(tmp_path)
    (tmp_path / "database_url").unlink()

    assert make_secrets.write_missing(tmp_path) == ["database_url"]
    assert read(tmp_path) == before
    assert f":{before['postgres_password']}@" in before["database_url"]


def test_the_app_takes_them(tmp_path: Path) -> None:
    make_secrets.write_missing(tmp_path)
    values = read(tmp_path)

    assert environment.secret_key(values["secret_key"])
    assert len(environment.key_ring(values["recents_keys"])) == 1
    assert values["redis.conf"] == f"requirepass {values['redis_password']}\n"


def test_the_files_are_named_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["make_secrets.py", str(tmp_path)])

    make_secrets.main()

    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"Made {tmp_path / 'secret_key'}\n" in captured.err
    assert not any(value.strip() in captured.err for value in read(tmp_path).values())
