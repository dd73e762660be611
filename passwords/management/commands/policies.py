"""``manage.py policies``: export and import policies, for example to keep them in git."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext, ngettext

from passwords import audit
from passwords.management.base import BadRequestError, PlainCommand, database
from passwords.models import Action, Channel, Policy
from passwords.policies import documents, files
from passwords.policies.documents import PolicyFileError
from passwords.policies.formats import EXPORTS, IMPORTS


class Command(PlainCommand):
    """Export policies to stdout, or import them from a file."""

    help = "Export policies as JSON or YAML, or import them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``export`` and ``import``."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="export|import")
        export = actions.add_parser("export", allow_abbrev=False, help="all policies, to stdout")
        export.add_argument(
            "--format", choices=list(EXPORTS), default="yaml", help="of stdout (yaml)"
        )
        importing = actions.add_parser("import", allow_abbrev=False, help="policies of a file")
        importing.add_argument(
            "file", help="a document that export wrote, or Apple's password-rules.json; - for stdin"
        )
        importing.add_argument(
            "--format", choices=list(IMPORTS), default="", help="of the file (detected)"
        )
        importing.add_argument("--dry-run", action="store_true", help="change nothing, only say")

    def handle(self, *_args: str, **options: Any) -> None:
        """Export or import."""
        with database():
            if options["action"] == "export":
                document = EXPORTS[options["format"]].dump(Policy.objects.all())
                self.emit([document.encode()])
                audit.record(
                    Action.POLICIES_EXPORTED, channel=Channel.COMMAND, target=options["format"]
                )
            else:
                self._import(
                    options["file"], format_name=options["format"], dry_run=options["dry_run"]
                )

    def _import(self, file: str, *, format_name: str, dry_run: bool) -> None:
        try:
            steps = files.plan(_read(file), format_name=format_name)
            self.emit_lines(map(str, steps))
            if dry_run:
                self.remark(gettext("Nothing is changed: this was a dry run."))
                return
            changed = files.apply(steps)
        except PolicyFileError as error:
            raise BadRequestError(file, str(error)) from None
        message = ngettext(
            "%(changed)d policy is changed or added.",
            "%(changed)d policies are changed or added.",
            changed,
        )
        self.remark(message % {"changed": changed})


def _read(file: str) -> str:
    try:
        if file == "-":
            return documents.read(sys.stdin.buffer)
        with Path(file).open("rb") as stream:
            return documents.read(stream)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
