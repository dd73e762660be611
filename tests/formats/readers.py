"""Read documents as the programs that they are for do."""

import io
import subprocess
from typing import Any

import dotenv
import yaml

from passwords import formats
from passwords.domain.randomness import RandomBytes


def counting(size: int) -> bytes:
    """Return the bytes 0, 1, 2, … in place of random ones, as the vectors have them."""
    return bytes(range(size))


def written(
    wanted: str, secret: str, /, *, random_bytes: RandomBytes = counting, **options: Any
) -> formats.Document:
    """Return the document with *secret* in the format *wanted*."""
    return formats.read({"as": wanted, **options}).write(secret, random_bytes=random_bytes)


def by_shell(line: str, name: str) -> str:
    """Return the value that a shell gives the variable *name* after it has read *line*."""
    script = f'set -eu; . /dev/stdin; printf %s "${name}"'
    shell = subprocess.run(
        ["/bin/sh", "-c", script], input=line, capture_output=True, text=True, check=True
    )
    return shell.stdout


def by_dotenv(line: str, name: str) -> str | None:
    """Return the value that python-dotenv reads."""
    return dotenv.dotenv_values(stream=io.StringIO(line))[name]


def by_docker_run(line: str, name: str) -> str:
    """Return the value as ``docker run --env-file`` takes it: everything after the sign (docs)."""
    found, _, value = line.partition("=")
    assert found == name
    return value


def manifest(text: str) -> Any:
    """Return the object of a YAML document, without YAML's own kinds of text."""
    return yaml.safe_load(text)
