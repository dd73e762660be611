"""``manage.py prune``: delete all expired data."""

from dataclasses import asdict
from typing import Any, Final

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from passwords import domain, pruning, validation
from passwords.management.base import BadRequestError, PlainCommand, database, number, require_keys

_DEFAULT_SECONDS: Final = 300
_MAX_SECONDS: Final = 86_400


class Command(PlainCommand):
    """Delete expired data; run it once a day."""

    help = (
        "Delete the history, the audit and ended API tokens beyond HISTORY_RETENTION_DAYS, one-time"
        " links that have expired, expired sessions and old sign-in attempts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the time limit."""
        parser.add_argument(
            "--seconds",
            type=number,
            default=_DEFAULT_SECONDS,
            metavar="N",
            help=f"how long it may last (1 to {_MAX_SECONDS}; {_DEFAULT_SECONDS})",
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Prune, and write how many rows were deleted."""
        seconds = options["seconds"]
        try:
            domain.require_whole_number("seconds", seconds, minimum=1, maximum=_MAX_SECONDS)
        except domain.RecipeError as error:
            raise BadRequestError("--seconds", validation.translated(error)) from None
        require_keys("SECRET_KEY")  # it signs the new beginning of the audit chain
        with database():
            pruned = pruning.prune(seconds=seconds)
        message = gettext(
            "Deleted: %(history)d rows of the history, %(audit)d of the audit, %(sessions)d"
            " sessions, %(attempts)d sign-in attempts, %(links)d one-time links, %(tokens)d API"
            " tokens."
        )
        self.remark(message % asdict(pruned))
        if not pruned.is_complete:
            self.remark(gettext("The time is up: the next run deletes the rest."))
