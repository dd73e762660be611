"""``manage.py history``: statistics, export, pruning and the hash chain."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext, ngettext

from passwords import audit, domain, services, validation
from passwords.history import queries
from passwords.history.export import EXPORT_FIELDS, export_batches
from passwords.history.queries import HistoryStatistics
from passwords.management.base import BadRequestError, PlainCommand, database, number, require_keys
from passwords.models import Action, Channel, Journal
from passwords.moments import timestamp
from passwords.numbers import bits_text
from passwords.records import ENCODERS, as_table

# As for HISTORY_RETENTION_DAYS.
_MAX_DAYS: Final = 36_500


class Command(PlainCommand):
    """Read, prune, seal and verify the history, which never holds a secret."""

    help = "Show, export, prune, seal or verify the history of requests. It never holds a secret."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the actions, each with its options."""
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="stats|export|prune|seal|verify"
        )
        stats = actions.add_parser("stats", allow_abbrev=False, help="the history in figures")
        stats.add_argument(
            "--format", choices=["text", "json"], default="text", help="of stdout (text)"
        )
        export = actions.add_parser("export", allow_abbrev=False, help="all rows, oldest first")
        export.add_argument(
            "--format", choices=list(ENCODERS), default="csv", help="of stdout (csv)"
        )
        prune = actions.add_parser("prune", allow_abbrev=False, help="delete old rows")
        prune.add_argument(
            "--days",
            type=number,
            default=settings.HISTORY_RETENTION_DAYS,
            metavar="N",
            help=f"older than so many days (1 to {_MAX_DAYS}; HISTORY_RETENTION_DAYS)",
        )
        prune.add_argument("--dry-run", action="store_true", help="delete nothing, only count")
        actions.add_parser("seal", allow_abbrev=False, help="seal what is not sealed yet")
        verify = actions.add_parser("verify", allow_abbrev=False, help="check what is sealed")
        verify.add_argument("--head", metavar="DIGEST", help="what seal once printed")

    def handle(self, *_args: str, **options: Any) -> None:
        """Run one action."""
        if options["action"] in {"seal", "verify", "prune"}:
            require_keys("SECRET_KEY")
        with database():
            match options["action"]:
                case "stats":
                    self._stats(options["format"])
                case "export":
                    encode = ENCODERS[options["format"]]
                    rows = queries.rows()
                    batches = export_batches(rows, defuse=options["format"] == "csv")
                    self.emit(encode(EXPORT_FIELDS, batches))
                    audit.record(Action.HISTORY_EXPORTED, channel=Channel.COMMAND)
                case "seal":
                    self._seal()
                case "verify":
                    self._verify(options["head"])
                case _:
                    self._prune(options["days"], dry_run=options["dry_run"])

    def _stats(self, format_name: str) -> None:
        statistics = queries.statistics()
        if format_name == "json":
            self.emit_lines([json.dumps(_as_json(statistics), indent=2)])
        else:
            self.emit_lines(_as_text(statistics))

    def _seal(self) -> None:
        if not settings.AUDIT_CHAIN:
            raise CommandError(gettext("AUDIT_CHAIN is false: no row is sealed."))
        sealed = audit.seal()
        self.emit_lines([sealed.digest])
        message = ngettext("%(rows)d row is sealed.", "%(rows)d rows are sealed.", sealed.rows)
        self.remark(message % {"rows": sealed.rows})

    def _verify(self, head: str | None) -> None:
        finding = next(audit.verify(head=head), None)
        unsealed = audit.unsealed_rows()
        audit.record(
            Action.CHAIN_VERIFIED,
            channel=Channel.COMMAND,
            details={"finding": str(finding)} if finding else {},
        )
        if finding:
            self.emit_lines([str(finding)])
            raise CommandError(gettext("Sealed data was changed or removed."))
        if not settings.AUDIT_CHAIN:
            self.remark(gettext("All sealed rows are unchanged. New rows are not sealed."))
            return
        message = ngettext(
            "All sealed rows are unchanged. %(rows)d row is not sealed yet.",
            "All sealed rows are unchanged. %(rows)d rows are not sealed yet.",
            unsealed,
        )
        self.remark(message % {"rows": unsealed})

    def _prune(self, days: Any, *, dry_run: bool) -> None:
        try:
            domain.require_whole_number("days", days, minimum=1, maximum=_MAX_DAYS)
        except domain.RecipeError as error:
            raise BadRequestError("--days", validation.translated(error)) from None
        if dry_run:
            rows = queries.count_older_than(days=days)
            message = ngettext(
                "%(rows)d row would be deleted.", "%(rows)d rows would be deleted.", rows
            )
        else:
            rows = services.prune_history(days=days)[Journal.HISTORY]
            message = ngettext("%(rows)d row is deleted.", "%(rows)d rows are deleted.", rows)
        self.remark(message % {"rows": rows})


def _as_json(statistics: HistoryStatistics) -> dict[str, Any]:
    known = asdict(statistics)
    for group in known["groups"]:
        group["surface"] = group.pop("channel")  # the name that scripts use
    return {
        **known,
        "first_at": statistics.first_at and timestamp(statistics.first_at),
        "last_at": statistics.last_at and timestamp(statistics.last_at),
    }


def _as_text(statistics: HistoryStatistics) -> Iterator[str]:
    first, last = statistics.first_at, statistics.last_at
    yield from as_table(
        [
            ("requests", str(statistics.requests)),
            ("secrets", str(statistics.secrets)),
            ("first", timestamp(first) if first else "-"),
            ("last", timestamp(last) if last else "-"),
        ]
    )
    if not statistics.groups:
        return
    head = ("channel", "kind", "requests", "secrets", "mean bits")
    rows = [
        (
            group.channel,
            group.kind,
            str(group.requests),
            str(group.secrets),
            bits_text(group.mean_entropy_bits, 1),
        )
        for group in statistics.groups
    ]
    yield ""
    yield from as_table([head, *rows])
