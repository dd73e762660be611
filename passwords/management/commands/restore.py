"""``manage.py restore``: replace the database by a file that `backup` wrote."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext

from passwords.management.base import BadRequestError, PlainCommand
from passwords.management.sqlite_file import copy, database_path, draft


class Command(PlainCommand):
    """Replace the contents of the SQLite database by those of a backup, in one transaction."""

    help = "Replace the SQLite database by a file that `backup` wrote; stop the app first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the backup."""
        parser.add_argument("file", metavar="FILE", help="a backup; - reads stdin")

    def handle(self, *_args: str, **options: Any) -> None:
        """Check the backup, then replace the whole database or nothing."""
        target = database_path()
        try:
            target.parent.mkdir(exist_ok=True)
            with draft(target.parent) as path:
                _read(options["file"], path)
                if not _is_ours(path):
                    raise BadRequestError("FILE", gettext("is not a whole backup of this app"))
                target.touch(mode=0o600)
                copy(path, target)
        except (sqlite3.Error, OSError) as error:
            message = gettext("The backup cannot be restored: %(reason)s.")
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(message % {"reason": reason}) from None
        self.remark(gettext("The database is restored: run `manage.py migrate`."))


def _read(name: str, path: Path) -> None:
    with path.open("wb") as draft_file:
        if name == "-":
            shutil.copyfileobj(sys.stdin.buffer, draft_file)
            return
        with Path(name).open("rb") as file:
            shutil.copyfileobj(file, draft_file)


def _is_ours(path: Path) -> bool:
    """Whether the file is undamaged and the app's migrations have run in it."""
    with closing(sqlite3.connect(path)) as database:
        try:
            (integrity,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            (is_migrated,) = database.execute(
                "SELECT EXISTS (SELECT 1 FROM django_migrations WHERE app = 'passwords')"
            ).fetchone()
        except sqlite3.DatabaseError:
            return False
    return integrity == "ok" and bool(is_migrated)
