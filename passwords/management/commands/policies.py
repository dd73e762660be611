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
from passwords.policies.recipes import NameMissingError
from passwords.validation import NO_SUCH_POLICY


class Command(PlainCommand):
    """Export policies to stdout, or import them from a file."""

    help = "Export policies to a document, or import them from one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``export`` and ``import``."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="export|import")
        export = actions.add_parser("export", allow_abbrev=False, help="write policies to stdout")
        export.add_argument(
            "--format",
            choices=list(EXPORTS),
            default="yaml",
            help="format of the document (default: yaml)",
        )
        export.add_argument("--policy", metavar="SLUG", help="only this policy (default: all)")
        importing = actions.add_parser(
            "import", allow_abbrev=False, help="import policies from a file"
        )
        importing.add_argument(
            "file", help="a document of this app or of another program; - for stdin"
        )
        importing.add_argument(
            "--format",
            choices=list(IMPORTS),
            default="",
            help="format of the file; detected when left out",
        )
        importing.add_argument(
            "--name",
            help="name of the policy, if the format has none (default: the name of the file)",
        )
        importing.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *_args: str, **options: Any) -> None:
        """Export or import."""
        with database():
            if options["action"] == "export":
                self._export(options["format"], options["policy"])
            else:
                self._import(options)

    def _export(self, format_name: str, slug: str | None) -> None:
        export = EXPORTS[format_name]
        policies = Policy.objects.all()
        if slug is not None:
            policies = policies.filter(slug=slug) if slug.isprintable() else policies.none()
            if not policies:
                raise BadRequestError("--policy", gettext(NO_SUCH_POLICY))
        elif not export.file_name:
            message = gettext("is required: this format describes one policy in each document")
            raise BadRequestError("--policy", message)
        try:
            document = export.dump(policies)
        except PolicyFileError as error:
            raise BadRequestError("--policy", str(error)) from None
        self.emit([document.encode()])
        audit.record(Action.POLICIES_EXPORTED, channel=Channel.COMMAND, target=format_name)

    def _import(self, options: dict[str, Any]) -> None:
        file, dry_run = options["file"], options["dry_run"]
        name = options["name"] or (Path(file).stem if file != "-" else "")
        try:
            steps = files.plan(_read(file), format_name=options["format"], name=name)
            self.emit_lines(map(str, steps))
            if dry_run:
                self.remark(gettext("Nothing is changed: this was a dry run."))
                return
            changed = files.apply(steps)
        except NameMissingError as error:
            raise BadRequestError("--name", str(error)) from None
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
