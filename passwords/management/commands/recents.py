"""``manage.py recents``: list owners, clear recents, change keys. It shows no secret."""

import base64
import os
from collections.abc import Iterator
from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from passwords import audit, sharing
from passwords.management.base import (
    BadRequestError,
    PlainCommand,
    database,
    database_exists,
    require_keys,
)
from passwords.models import Action, Channel
from passwords.numbers import bits_text
from passwords.recents import (
    KEY_BYTES,
    Owner,
    RecentsStore,
    RecentsUnavailableError,
    open_store,
    uses_redis,
)
from passwords.records import as_table


class Command(PlainCommand):
    """List, clear or reencrypt the recents of all owners, without showing a secret."""

    help = "List or clear recent secrets, or encrypt them and one-time links with another key."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the actions, each with its options."""
        actions = parser.add_subparsers(
            dest="action", required=True, metavar="list|clear|reseal|new-key"
        )
        listing = actions.add_parser(
            "list", allow_abbrev=False, help="one line per owner, or per item of a user"
        )
        listing.add_argument("--user", metavar="NAME", help="the items of this user")
        clearing = actions.add_parser("clear", allow_abbrev=False, help="delete recent secrets")
        actions.add_parser(
            "reseal",
            allow_abbrev=False,
            help="encrypt all, and the one-time links, with the first of RECENTS_KEYS",
        )
        actions.add_parser("new-key", allow_abbrev=False, help="draw a key for RECENTS_KEYS")
        whose = clearing.add_mutually_exclusive_group(required=True)
        whose.add_argument("--user", metavar="NAME", help="those of this user")
        whose.add_argument("--all", action="store_true", help="those of all owners")
        whose.add_argument(
            "--flask-list",
            action="store_true",
            help="the unencrypted list `senhas` of the Flask app",
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Run one action; ``list`` and ``clear`` need Redis, which other processes share."""
        if options["action"] == "new-key":
            self.emit_lines([base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode("ascii")])
            return
        require_keys("SECRET_KEY", "RECENTS_KEYS")
        if options["action"] != "reseal" and not uses_redis():
            raise CommandError(
                gettext(
                    "Without Redis the recents are in the memory of the server's own process, which"
                    " no other process can see."
                )
            )
        user_name = options.get("user")
        owner = _owner(user_name) if user_name is not None else None
        try:
            if options.get("flask_list"):
                self._clear_flask_list()
            elif options["action"] == "clear":
                self._clear(open_store(), owner)
            elif options["action"] == "reseal":
                self._reseal()
            else:
                self.emit_lines(_items(open_store(), owner) if owner else _owners(open_store()))
        except RecentsUnavailableError:
            raise CommandError(gettext("Redis does not respond, or refuses the command.")) from None

    def _clear_flask_list(self) -> None:
        # Imported only here: the Redis client is slow to import.
        from passwords.recents.connection import delete_flask_list  # noqa: PLC0415

        if delete_flask_list():
            self.remark(gettext("The Flask app's list is deleted."))
        else:
            self.remark(gettext("There is no list of the Flask app."))

    def _reseal(self) -> None:
        if uses_redis():
            store = open_store()
            items = sum(store.reencrypt(owner) for owner in _all_owners(store))
            message = ngettext(
                "%(count)d item is now encrypted with the first key.",
                "%(count)d items are now encrypted with the first key.",
                items,
            )
            self.remark(message % {"count": items})
        with database():
            links = sharing.reencrypt()
        message = ngettext(
            "%(count)d one-time link is now encrypted with the first key.",
            "%(count)d one-time links are now encrypted with the first key.",
            links,
        )
        self.remark(message % {"count": links})

    def _clear(self, store: RecentsStore, owner: Owner | None) -> None:
        cleared = sum(store.clear(each) for each in ([owner] if owner else _all_owners(store)))
        if cleared and database_exists():
            audit.record(
                Action.RECENTS_CLEARED,
                channel=Channel.COMMAND,
                target=owner.user_name if owner else "",
                details={"owners": cleared},
            )
        message = ngettext(
            "The recents of %(count)d owner are cleared.",
            "The recents of %(count)d owners are cleared.",
            cleared,
        )
        self.remark(message % {"count": cleared})


def _owner(user_name: str) -> Owner:
    if settings.RECENTS_SCOPE == "shared":
        raise BadRequestError(
            "--user", gettext("with RECENTS_SCOPE=shared all owners have one list")
        )
    users = get_user_model()
    with database():
        try:
            user = users.objects.get_by_natural_key(user_name)
        except users.DoesNotExist:
            raise BadRequestError("--user", gettext("is not the name of a user")) from None
    return Owner.user(user.pk, user.get_username())


def _all_owners(store: RecentsStore) -> list[Owner]:
    return sorted(set(store.owners()), key=attrgetter("list_names"))


def _owners(store: RecentsStore) -> Iterator[str]:
    now = timezone.now()
    listed = ((owner, store.list(owner)) for owner in _all_owners(store))
    rows = [
        (owner.list_names[0], str(len(items)), _span(now - items[0].created_at))
        for owner, items in listed
        if items
    ]
    return as_table([("owner", "items", "age of the newest"), *rows])


def _items(store: RecentsStore, owner: Owner) -> Iterator[str]:
    now = timezone.now()
    rows = [
        (
            item.item_id,
            item.kind,
            bits_text(item.entropy_bits, 1),
            _span(now - item.created_at),
            _span(item.expires_at - now),
        )
        for item in store.list(owner)
    ]
    head = ("id", "kind", "bits", "age", "time left")
    return as_table([head, *rows])


def _span(time: timedelta) -> str:
    """Return the time as hours, minutes and seconds."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
