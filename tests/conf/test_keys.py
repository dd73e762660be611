"""Missing keys are made once, in a file that only its owner can read."""

import base64
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from giropops.conf import keys
from giropops.conf.environment import read_dotenv
from tests.live import ROOT


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in keys.NAMES:
        monkeypatch.delenv(name)


def test_a_new_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"

    keys.make_missing(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    path.write_text("SECRET_KEY=mine\n")

    keys.make_missing(path)

    assert path.read_text() == "SECRET_KEY=mine\n"
    assert keys.read(path).problem == f"{path} has no RECENTS_KEYS"


def test_nothing_is_made_where_both_are_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in keys.draw().items():
        monkeypatch.setenv(name, value)

    keys.make_missing(tmp_path / "keys.env")

    assert not list(tmp_path.iterdir())


def test_the_keys_are_long_enough_and_new_each_time(tmp_path: Path) -> None:
    paths = [tmp_path / "first", tmp_path / "second"]
    for path in paths:
        keys.make_missing(path)

    values = [read_dotenv(path) for path in paths]

    assert all(len(value["SECRET_KEY"]) >= 50 for value in values)
    assert all(len(base64.urlsafe_b64decode(value["RECENTS_KEYS"])) == 32 for value in values)
    assert not set(values[0].values()) & set(values[1].values())


def test_processes_that_start_at_once_use_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"

    def start(_number: int) -> dict[str, str]:
        keys.make_missing(path)
        return keys.read(path).values

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(start, range(64)))

    assert all(values == found[0] for values in found)


def test_keys_that_cannot_be_kept_are_of_this_process(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "deeper" / "keys.env"

    keys.make_missing(path)
    made = keys.read(path)

    assert made.values.keys() == set(keys.NAMES)
    assert made.problem.startswith(f"{path} cannot be written by uid ")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["generate", "--quiet"], 0),
        (["recents", "new-key"], 0),
        (["wordlists"], 0),
        (["help"], 0),
        (["recents", "list"], 2),
        (["history", "seal"], 2),
    ],
)
def test_a_command_that_needs_no_key_runs_without(
    tmp_path: Path, command: list[str], code: int
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _WITHOUT_KEYS.format(str(tmp_path / "keys.env")), *command],
        cwd=ROOT,
        env={"DOTENV": "", "LANG": "C", "DATABASE_URL": f"sqlite:///{tmp_path / 'none'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == code, ended.stderr
    if code:
        (line,) = ended.stderr.splitlines()
        assert line.startswith("Set SECRET_KEY, RECENTS_KEYS to the server's values")
        assert "`recents new-key` draws a key" in line


_WITHOUT_KEYS = """
import pathlib, sys
from giropops.conf import keys
keys.read.__defaults__ = (pathlib.Path({!r}),)
sys.argv = ["manage.py", *sys.argv[1:]]
import manage
manage.main()
"""
