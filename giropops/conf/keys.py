"""The two keys that the app needs: generated at the first start if they are not set."""

import base64
import os
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from giropops.conf import folders
from giropops.conf.environment import KEY_BYTES, load, read_dotenv

NAMES: Final = ("SECRET_KEY", "RECENTS_KEYS")
FILE: Final = (folders.DATA / "keys.env").resolve()
"""In the folder of the database: in the image `var/keys.env` is a link into the data folder."""


class Keys(NamedTuple):
    """A value for each of NAMES, as in the environment."""

    values: dict[str, str]
    problem: str = ""
    """Why the keys could not be stored; empty if they are stored."""


def draw() -> dict[str, str]:
    """Return new keys from the operating system's random number generator."""
    recents_key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
    return {"SECRET_KEY": secrets.token_urlsafe(48), "RECENTS_KEYS": recents_key}


def make_missing(path: Path = FILE) -> None:
    """Write new keys to *path* if a key is not set and the file does not exist.

    If two processes start at the same time, one of them writes the file and both read it. If the
    file cannot be written, `read` reports it.
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
        os.link(draft, path)  # unlike a rename, it fails if the file exists
    finally:
        Path(draft).unlink()


def read(path: Path = FILE) -> Keys:
    """Return the keys from *path*; if there are none, new keys and the reason."""
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
    """Return one line for the log about keys that are not set."""
    subject = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not set"
    lost = "sessions end, recents cannot be read, and seals of the history cannot be verified"
    if problem:
        return f"{subject}: made for this process only, since {problem}. At a restart {lost}."
    return f"{subject}: using {FILE}. Keep this file; without it {lost}."
