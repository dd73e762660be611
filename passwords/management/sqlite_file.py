"""The SQLite file of the database: its path, and consistent copies."""

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
    """Return the database's file, with links resolved; CommandError if it is not SQLite."""
    database = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"]:
        message = gettext("The database is PostgreSQL: use pg_dump and pg_restore.")
        raise CommandError(message, returncode=BAD_REQUEST)
    return Path(database["NAME"]).resolve()


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Create an empty file in *folder* that only its owner can read; remove it at the end."""
    descriptor, name = tempfile.mkstemp(prefix=".giropops-", suffix=".sqlite3", dir=folder)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for path in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            Path(path).unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a database in one transaction, also while other processes use both files.

    Raises:
        sqlite3.Error: *source* cannot be read, or *target* cannot be written.
    """
    with (
        closing(sqlite3.connect(source)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
