"""``manage.py backup``: a consistent copy of the SQLite database, also while the app runs."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext

from passwords.management.base import PlainCommand
from passwords.management.sqlite_file import copy, database_path, draft

_CHUNK_BYTES: Final = 1024 * 1024


class Command(PlainCommand):
    """Copy the database with SQLite's backup API into a single file."""

    help = "Copy the SQLite database to a file, or to stdout, also while the app runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the target."""
        parser.add_argument("file", metavar="FILE", help="the file to write; - for stdout")

    def handle(self, *_args: str, **options: Any) -> None:
        """Write the whole file; if that fails, an existing file stays unchanged."""
        source = database_path()
        if not source.exists():
            raise CommandError(gettext("There is no database yet: run `manage.py migrate`."))
        target = None if options["file"] == "-" else Path(options["file"])
        try:
            with draft((target or source).parent) as path:
                copy(source, path)
                _complete(path)
                if target is None:
                    self.emit(_chunks(path))
                else:
                    path.replace(target)
        except (sqlite3.Error, OSError) as error:
            message = gettext("The backup cannot be written: %(reason)s.")
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(message % {"reason": reason}) from None


def _complete(path: Path) -> None:
    """Turn off the write-ahead log, whose files a backup must not need, and sync to disk."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
