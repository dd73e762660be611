"""Owners and their recent items."""

import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT: Final = "passwords.recents.owner"
_NAME_DIGITS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The owner of recents: a signed-in user, or the holder of an anonymous cookie.

    Attributes:
        key: identifies the owner in the cookie and, as a hash, in the history.
        list_names: hashes, so that a dump of the store does not identify the owner. Items are added
            to the first list, and read from all lists.
        user_id: the user's primary key, or ``None`` for an anonymous owner.
        user_name: the user's current name, for the history.
        keep_until: until when an anonymous owner's cookie must live, as a Unix time.
    """

    key: str
    list_names: tuple[str, ...] = field(repr=False)
    user_id: int | None = None
    user_name: str = ""
    keep_until: int = field(default=0, compare=False)

    @classmethod
    def anonymous(cls, identifier: str, *, keep_until: int = 0) -> Self:
        """Return the anonymous owner with this random 128-bit identifier from a cookie.

        Nobody can try all identifiers, so this hash needs no key.
        """
        key = f"anonymous:{identifier}"
        name = hashlib.blake2b(key.encode(), digest_size=_NAME_DIGITS // 2).hexdigest()
        return cls(key=key, list_names=(name,), keep_until=keep_until)

    @classmethod
    def user(cls, user_id: int, user_name: str) -> Self:
        """Return the owner for a signed-in user.

        All user ids are easy to try, so this hash has a key. The lists that were named with the
        keys in ``SECRET_KEY_FALLBACKS`` are read too.
        """
        key = f"user:{user_id}"
        names = tuple(
            salted_hmac(_SALT, key, secret=secret, algorithm="sha256").hexdigest()[:_NAME_DIGITS]
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        )
        return cls(key=key, list_names=names, user_id=user_id, user_name=user_name)

    @classmethod
    def of_list(cls, name: str) -> Self:
        """Return an owner of whom only the name of the list is known."""
        return cls(key="", list_names=(name,))


SHARED_OWNER: Final = Owner(key="shared", list_names=("shared",))
"""The owner of all recents with ``RECENTS_SCOPE=shared``."""


@dataclass(slots=True, kw_only=True)
class RecentItem:
    """A recent secret.

    The class is not frozen: a page creates ten items, and a frozen one takes three times as long.

    Attributes:
        item_id: 32 hexadecimal digits.
        encoding: of a token; empty for other kinds, and for what earlier releases stored.
        format: the name of the format that it was written in; empty without one.
        name: what the owner calls it; empty by default.
        created_at: with a time zone, in whole microseconds; items are ordered by it.
        expires_at: from then on the item is not shown.
    """

    item_id: str
    value: str = field(repr=False)
    kind: str
    entropy_bits: float
    created_at: datetime
    expires_at: datetime
    name: str = field(default="", repr=False)
    encoding: str = ""
    format: str = ""


def new_item_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return os.urandom(16).hex()
