"""The database as one SQLite file: where it is, and consistent copies of it."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.utils.translation import gettext

from passwords.management.base import BAD_REQUEST


def database_path() -> Path:
    """Return the file of the database, links followed.

    Raises:
        CommandError: the database is not a SQLite file.
    """
    database = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"]:
        message = gettext("The database is PostgreSQL: use pg_dump and pg_restore.")
        raise CommandError(message, returncode=BAD_REQUEST)
    return Path(database["NAME"]).resolve()


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Make an empty file in *folder*, its owner's alone, and remove what is left of it."""
    descriptor, name = tempfile.mkstemp(prefix=".giropops-", suffix=".sqlite3", dir=folder)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for path in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            Path(path).unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a database as one transaction, also while others read and write either.

    Raises:
        sqlite3.Error: *source* cannot be read, or *target* cannot be written.
    """
    with (
        closing(sqlite3.connect(source)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
