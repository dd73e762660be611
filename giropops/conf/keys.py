"""The two keys that the app needs: made at the first start where nobody has set them."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from giropops.conf.environment import KEY_BYTES, load, read_dotenv

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES: Final = ("SECRET_KEY", "RECENTS_KEYS")
FILE: Final = (Path(__file__).resolve().parents[2] / "var" / "keys.env").resolve()
"""Beside the database: in the image `var/keys.env` is a link to the data folder."""


class Keys(NamedTuple):
    """A value for each of NAMES.

    Attributes:
        values: the keys by name, as in the environment.
        problem: why they are not kept beyond this process; empty if they are.
    """

    values: dict[str, str]
    problem: str = ""


def draw() -> dict[str, str]:
    """Return new keys from the operating system's generator."""
    recents_key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
    return {"SECRET_KEY": secrets.token_urlsafe(48), "RECENTS_KEYS": recents_key}


def make_missing(path: Path = FILE) -> None:
    """Write new keys to *path* if the environment lacks one and there is no such file.

    Of two processes that start at the same time, one writes; both then read the same keys. Where
    the file cannot be written, `read` says so.
    """
    environment = load()
    if path.exists() or all(environment.has(name) for name in NAMES):
        return
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        _write(path)


def _write(path: Path) -> None:
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("# Made at the first start; whoever has this file can read the recents.\n")
            file.writelines(f"{name}={value}\n" for name, value in draw().items())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a renaming, it fails where there is a file already
    finally:
        Path(draft).unlink()


def read(path: Path = FILE) -> Keys:
    """Return the keys that `make_missing` has written; without them, new ones."""
    try:
        found = read_dotenv(path)
    except FileNotFoundError:
        if os.access(path.parent, os.W_OK):
            return Keys(draw(), f"{path} is not there")
        return Keys(draw(), f"{path} cannot be written by uid {os.getuid()}")
    except OSError:
        return Keys(draw(), f"{path} cannot be read by uid {os.getuid()}")
    missing = [name for name in NAMES if not found.get(name)]
    if missing:
        return Keys(draw(), f"{path} has no {' and no '.join(missing)}")
    return Keys({name: found[name] for name in NAMES})


def describe(names: Sequence[str], problem: str) -> str:
    """Return what to know of keys that nobody has set, as one line for the log."""
    subject = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not set"
    lost = "sessions end, recents cannot be read, and seals of the history cannot be verified"
    if problem:
        return f"{subject}: made for this process only, since {problem}. At a restart {lost}."
    return f"{subject}: using {FILE}. Keep this file; without it {lost}."
