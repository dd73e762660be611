"""The wordlists of ``WORDLISTS_DIR``: each file is a list, beside the packaged ones.

The folder is listed at the start, and a file is read when its words are first used. The server
reads all of them before it starts its workers: a system check does.
"""

import re
import unicodedata
from functools import partial
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from passwords.domain import wordlists

MAX_LISTS: Final = 20
MAX_FILE_BYTES: Final = 8 * 1024 * 1024

_SUFFIX: Final = ".txt"
_NAME: Final = re.compile(r"(?=.{1,50}$)[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
# The dice numbers are those of EFF's and Diceware's files.
_LINE: Final = re.compile(r"(?:[1-6]+\s+)?(\S+)")


class WordlistError(ImproperlyConfigured):
    """The folder or a file of ``WORDLISTS_DIR`` is not valid; one line says which and why."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"WORDLISTS_DIR: {name}{fault}")


def register(folder: str) -> None:
    """Register every ``*.txt`` file of *folder* as a list; without a folder there is none.

    Hidden entries are skipped: Kubernetes mounts the files of a ConfigMap as links into one.

    Raises:
        WordlistError: the folder cannot be read, or the name of a file is not valid.
    """
    if not folder:
        return
    try:
        found = sorted(
            path
            for path in Path(folder).iterdir()
            if path.suffix == _SUFFIX and not path.name.startswith(".")
        )
    except OSError as error:
        raise WordlistError(folder, f" cannot be read ({error.strerror})") from None
    if not 1 <= len(found) <= MAX_LISTS:
        raise WordlistError(
            folder, f" has {len(found)} files *{_SUFFIX}: it takes 1 to {MAX_LISTS}"
        )
    for path in found:
        if not _NAME.fullmatch(path.stem):
            raise WordlistError(
                ascii(path.name),
                f": before {_SUFFIX}, a name has 1 to 50 lowercase letters from a to z, digits, and"
                " single hyphens between them",
            )
        try:
            wordlists.register(path.stem, partial(_read, path))
        except ValueError:
            raise WordlistError(path.name, ": the app has a list of this name") from None


def _read(path: Path) -> tuple[str, ...]:
    """Return the words of a file.

    Raises:
        WordlistError: the file is not a valid list.
    """
    lines: dict[str, int] = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        word = _word(stripped)
        if not word:
            raise WordlistError(
                path.name,
                f", line {number}: a word has lowercase letters, and single hyphens between them,"
                f" and at most {wordlists.MAX_WORD_BYTES} bytes",
            )
        if word in lines:
            raise WordlistError(path.name, f", line {number}: the word of line {lines[word]} again")
        if len(lines) == wordlists.MAX_SIZE:
            raise WordlistError(
                path.name, f", line {number}: a list has at most {wordlists.MAX_SIZE} words"
            )
        lines[word] = number
    if (drawn := sum(map(str.isalpha, lines))) < wordlists.MIN_SIZE:
        raise WordlistError(
            path.name,
            f" has {drawn} words without a hyphen: a list has at least {wordlists.MIN_SIZE}",
        )
    return tuple(lines)


def _word(line: str) -> str:
    """Return the word of a line, or an empty text if it is not valid.

    It is normalized as PostgreSQL and others normalize passwords (SASLprep, RFC 4013, 2.2).
    """
    parts = _LINE.fullmatch(line)
    word = unicodedata.normalize("NFKC", parts[1]) if parts else ""
    return word if wordlists.is_word(word) else ""


def _text(path: Path) -> str:
    try:
        if not path.is_file():  # opening a named pipe would wait
            raise WordlistError(path.name, " is not a file")
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise WordlistError(path.name, f" cannot be read ({error.strerror})") from None
    if len(content) > MAX_FILE_BYTES:
        raise WordlistError(path.name, f" has more than {MAX_FILE_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise WordlistError(path.name, f", line {number}: is not UTF-8") from None
