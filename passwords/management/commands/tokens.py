"""``manage.py tokens``: create, list and revoke API tokens. Only ``create`` shows a token, once."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from passwords.accounts import tokens
from passwords.management.base import BadRequestError, PlainCommand, database, number
from passwords.models import Channel
from passwords.records import as_table

_OPTIONS: Final = {"name": "NAME", "scopes": "--scope", "days": "--days"}
# Within the range of the keys of both databases.
_ID: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_HEAD: Final = (
    *("id", "state", "name", "user", "scopes", "ends with"),
    *("created", "expires", "last used"),
)


class Command(PlainCommand):
    """Create, list and revoke the API tokens of all users."""

    help = "Create an API token, which only stdout shows; list all tokens; revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the actions, each with its options."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="create|list|revoke")
        creating = actions.add_parser(
            "create", allow_abbrev=False, help="write a new token to stdout"
        )
        creating.add_argument("name", metavar="NAME", help="what the list calls it")
        creating.add_argument("--user", metavar="USERNAME", required=True, help="whose it is")
        creating.add_argument(
            "--scope",
            metavar="SCOPE",
            action="append",
            required=True,
            help=f"what it may do, once or more: {', '.join(tokens.CHOICES)}",
        )
        creating.add_argument(
            "--days",
            metavar="N",
            type=number,
            default=tokens.DEFAULT_DAYS,
            help=f"lifetime (1 to {tokens.MAX_DAYS}; default {tokens.DEFAULT_DAYS})",
        )
        actions.add_parser("list", allow_abbrev=False, help="a line for each token of all users")
        revoking = actions.add_parser("revoke", allow_abbrev=False, help="end a token at once")
        revoking.add_argument("id", metavar="ID", help="from `tokens list`")

    def handle(self, *_args: str, **options: Any) -> None:
        """Run one action."""
        with database():
            if options["action"] == "create":
                self._create(options)
            elif options["action"] == "revoke":
                self._revoke(options["id"])
            else:
                self.emit_lines(as_table([_HEAD, *_rows()]))

    def _create(self, options: dict[str, Any]) -> None:
        try:
            created = tokens.create(
                user=_user(options["user"]),
                name=options["name"],
                scopes=options["scope"],
                days=options["days"],
                channel=Channel.COMMAND,
                by=None,
            )
        except tokens.InvalidTokenError as error:
            raise BadRequestError(_OPTIONS[error.field], error.message) from None
        self.emit_lines([created.text])
        message = gettext("The token is valid until %(expires_at)s UTC, and is not shown again.")
        self.remark(message % {"expires_at": _moment(created.token.expires_at)})

    def _revoke(self, text: str) -> None:
        known = _ID.fullmatch(text) and tokens.revoke(
            token_id=int(text), channel=Channel.COMMAND, by=None
        )
        if not known:
            raise BadRequestError("ID", gettext("is not the id of a token"))
        self.remark(gettext("The token is not accepted any more."))


def _user(name: str) -> User:
    users = get_user_model()
    # PostgreSQL refuses queries with NUL.
    user = users.objects.filter(username=name).first() if name.isprintable() else None
    if user is None or not user.is_active:
        raise BadRequestError("--user", gettext("is not the name of an active user"))
    return user


def _rows() -> Iterator[tuple[str, ...]]:
    now = timezone.now()
    for token in tokens.all_tokens():
        yield (
            str(token.pk),
            token.state(now).value,
            token.name,
            token.user.get_username(),
            " ".join(token.scopes),
            token.last_four,
            _moment(token.created_at),
            _moment(token.expires_at),
            _moment(token.last_used_at) if token.last_used_at else "-",
        )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
