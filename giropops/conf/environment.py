"""Typed reading of environment variables: a bad value is one clear line, never a traceback.

Every reader says what it takes, and reads ``NAME_FILE`` (a file holding the value, as Docker and
Kubernetes secrets are mounted) when ``NAME`` itself is not set. No message quotes a value, since
the value may be a secret.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")

# The key size of XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, section 2.3).
KEY_BYTES: Final = 32

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


class EnvironmentVariableError(ImproperlyConfigured):
    """A variable is missing or holds something that it does not take."""

    def __init__(self, name: str, takes: str, *, missing: bool = False) -> None:
        super().__init__(
            f"{name} is not set: it takes {takes}" if missing else f"{name} takes {takes}"
        )
        self.name = name


class Environment:
    """A read-only view of variables, which remembers the names that were asked for.

    Args:
        values: the variables, ``os.environ`` in production.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.names: set[str] = set()

    def text(self, name: str, *, default: str | None = None, takes: str = "text") -> str:
        """Return the value without surrounding white space; an empty one counts as not set.

        Raises:
            EnvironmentVariableError: not set and without a default, or its file cannot be read.
        """
        value = self._find(name)
        if value:
            return value
        if default is None:
            raise EnvironmentVariableError(name, takes, missing=True)
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean."""
        takes = "true or false"
        value = self.text(name, default=str(default), takes=takes).lower()
        if value not in _TRUE | _FALSE:
            raise EnvironmentVariableError(name, takes)
        return value in _TRUE

    def integer(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        """Return a whole number in ``minimum``..``maximum``."""
        takes = f"a whole number from {minimum} to {maximum}"
        try:
            value = int(self.text(name, default=str(default), takes=takes))
        except ValueError:
            raise EnvironmentVariableError(name, takes) from None
        if not minimum <= value <= maximum:
            raise EnvironmentVariableError(name, takes)
        return value

    def choice(self, name: str, choices: Sequence[str], *, default: str) -> str:
        """Return one of *choices*."""
        takes = "one of: " + ", ".join(choices)
        value = self.text(name, default=default, takes=takes)
        if value not in choices:
            raise EnvironmentVariableError(name, takes)
        return value

    def items(self, name: str, *, default: str = "") -> list[str]:
        """Return the parts of a comma-separated list."""
        return split_list(self.text(name, default=default, takes="a list with commas between"))

    def parsed(
        self, name: str, parse: Callable[[str], T], *, default: str | None = None, takes: str
    ) -> T:
        """Return what *parse* makes of the value; its ``ValueError`` means a bad value."""
        value = self.text(name, default=default, takes=takes)
        try:
            return parse(value)
        except ValueError:
            raise EnvironmentVariableError(name, takes) from None

    def _find(self, name: str) -> str | None:
        self.names.add(name)
        if (value := self._values.get(name)) is not None:
            return value.strip()
        if path := self._values.get(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise EnvironmentVariableError(
                    f"{name}_FILE", "the path of a readable text file"
                ) from None
        return None


def split_list(value: str) -> list[str]:
    """Return the parts of a comma-separated list, without the empty ones."""
    return [item for part in value.split(",") if (item := part.strip())]


def at_least(length: int) -> Callable[[str], str]:
    """Return a parser that takes texts of *length* characters or more."""

    def parse(value: str) -> str:
        if len(value) < length:
            raise ValueError(length)
        return value

    return parse


def subset_of(*names: str) -> Callable[[str], frozenset[str]]:
    """Return a parser that takes some of *names*, or the word "nothing"."""

    def parse(value: str) -> frozenset[str]:
        found = frozenset() if value == "nothing" else frozenset(split_list(value))
        if not found <= frozenset(names):
            raise ValueError(len(found))
        return found

    return parse


def origins(value: str) -> list[str]:
    """Parse origins, each with its scheme (RFC 6454)."""
    found = split_list(value)
    if not all(re.fullmatch(r"https?://[^/\s]+", origin) for origin in found):
        raise ValueError(len(found))
    return found


def url_prefix(value: str) -> str:
    """Parse a path prefix: empty, or with a slash before and none behind."""
    prefix = value.rstrip("/")
    if prefix and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", prefix):
        raise ValueError(prefix)
    return prefix


def key_ring(value: str) -> list[bytes]:
    """Parse 32-byte keys in base64url (RFC 4648, section 5), padded or not."""
    keys = [
        base64.b64decode(key + "=" * (-len(key) % 4), b"-_", validate=True)
        for key in split_list(value)
    ]
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(len(keys))
    return keys


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the ``NAME=value`` lines of *path*, or nothing when there is no such file."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}


def load(dotenv: Path) -> Environment:
    """Return the process's environment over the lines of *dotenv*.

    ``DOTENV`` names another file; ``DOTENV=`` (empty) reads none.
    """
    chosen = os.environ.get("DOTENV")
    from_file = {} if chosen == "" else read_dotenv(Path(chosen) if chosen else dotenv)
    return Environment({**from_file, **os.environ})
