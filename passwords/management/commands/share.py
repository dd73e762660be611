"""``manage.py share``: make, open, list and revoke one-time links in the app's own database."""

import getpass
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from passwords import share_requests, sharing
from passwords.management import sharing_options
from passwords.management.base import BadRequestError, PlainCommand, database, require_keys
from passwords.models import Channel
from passwords.records import as_table
from passwords.sharing import LinkKey, ShareError
from passwords.validation import InvalidRequestError

# Of stdin: the longest text in UTF-8, and its newline.
_MAX_BYTES: Final = 4 * sharing.MAX_CHARACTERS + 2


class Command(PlainCommand):
    """Make a link to the text on stdin, or open, list and revoke links."""

    help = (
        "Make a one-time link to the text on stdin. stdout has the link, and in a second line its"
        " passphrase. Also open a link, list all links without what they hold, and revoke one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options of a link, and the actions."""
        sharing_options.add_arguments(parser)
        actions = parser.add_subparsers(dest="action", metavar="open|list|revoke")
        actions.add_parser(
            "open", allow_abbrev=False, help="write the text of the link on stdin to stdout"
        )
        actions.add_parser("list", allow_abbrev=False, help="a line for each link of all owners")
        revoking = actions.add_parser("revoke", allow_abbrev=False, help="end a link at once")
        revoking.add_argument("receipt", metavar="RECEIPT", help="from `share list`")

    def handle(self, *_args: str, **options: Any) -> None:
        """Do what the action says; without one, make a link."""
        if options["action"] == "list":
            with database():
                rows = [_HEAD, *_rows()]
            self.emit_lines(as_table(rows))
            return
        require_keys("SECRET_KEY", "RECENTS_KEYS")
        try:
            if options["action"] == "open":
                self._open()
            elif options["action"] == "revoke":
                self._revoke(options["receipt"])
            else:
                self._make(options)
        except ShareError as error:
            raise sharing_options.as_command_error(error) from None

    def _make(self, options: dict[str, Any]) -> None:
        wanted, origin = sharing_options.read(options)
        text = _read_text()
        with database():
            shared = sharing.share_text(
                text=text,
                terms=wanted.terms,
                passphrase_kind=wanted.passphrase_kind,
                owner=None,
                channel=Channel.COMMAND,
                origin=origin,
            )
        sharing_options.write(self, shared)

    def _open(self) -> None:
        key = LinkKey.parse(_read_line())
        with database():
            found = sharing.status(share_id=key.share_id)
            passphrase = _read_passphrase() if found.has_passphrase else None
            opened = sharing.open_text(key=key, passphrase=passphrase)
        self.emit_text(opened.text)

    def _revoke(self, receipt: str) -> None:
        with database():
            known = sharing.revoke_as_operator(
                operator=None, receipt=receipt, channel=Channel.COMMAND
            )
        if not known:
            raise BadRequestError("RECEIPT", gettext("is not the receipt of a link"))
        self.remark(gettext("The link cannot be opened any more."))


_HEAD: Final = (
    *("receipt", "state", "made", "expires", "last opened"),
    *("views left", "wrong attempts", "owner"),
)


def _rows() -> Iterator[tuple[str, ...]]:
    for found in sharing.all_receipts():
        yield (
            found.receipt,
            found.state.value,
            _moment(found.created_at),
            _moment(found.expires_at),
            _moment(found.opened_at) if found.opened_at else "-",
            str(found.views_left),
            str(found.attempts),
            found.owner_name or "-",
        )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _read_text() -> str:
    """Return the text on stdin, without the newline at its end."""
    content = sys.stdin.buffer.read(_MAX_BYTES + 1)
    # A longer text may have been cut within a character; it is too long all the same.
    errors = "strict" if len(content) <= _MAX_BYTES else "replace"
    try:
        text = content.decode(errors=errors).removesuffix("\n")
    except UnicodeDecodeError:
        raise BadRequestError("stdin", gettext("is not text in UTF-8")) from None
    try:
        return share_requests.read_text(text)
    except InvalidRequestError as error:
        raise BadRequestError("stdin", error.errors["text"][0]) from None


def _read_line() -> str:
    return sys.stdin.buffer.readline(_MAX_BYTES).decode(errors="replace").strip()


def _read_passphrase() -> str:
    """Return the passphrase: the next line of stdin, or on a terminal what is typed unseen."""
    if sys.stdin.isatty():
        return getpass.getpass(gettext("Passphrase: "))
    return _read_line()
