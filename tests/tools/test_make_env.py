"""`.env` is made once, for its owner's eyes only."""

import base64
import stat
from pathlib import Path

from giropops.conf.environment import read_dotenv
from tools.make_env import content, write_new


def test_a_new_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / ".env"

    made = write_new(path, content())

    assert made is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_left_alone_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine\n")

    made = write_new(path, content())

    assert made is False
    assert path.read_text() == "SECRET_KEY=mine\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_keys_are_long_enough_and_new_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"

    write_new(first, content())
    write_new(second, content())

    values = [read_dotenv(path) for path in (first, second)]
    assert all(len(value["SECRET_KEY"]) >= 50 for value in values)
    assert all(len(base64.urlsafe_b64decode(value["RECENTS_KEYS"])) == 32 for value in values)
    assert values[0]["SECRET_KEY"] != values[1]["SECRET_KEY"]
    assert values[0]["RECENTS_KEYS"] != values[1]["RECENTS_KEYS"]
