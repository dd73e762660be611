"""What is kept, and for whom."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.utils.crypto import salted_hmac

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SALT: Final = "passwords.recents.owner"
_NAME_DIGITS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose recents they are: a signed-in user, or the holder of an anonymous cookie.

    Attributes:
        key: names the owner in the cookie and, hashed, in the history.
        list_names: names the owner's lists in the store: hashes, so that a dump of the store does
            not show who the owner is. New items go to the first list; all of them are read.
        user_id: the user's primary key, or ``None`` for an anonymous owner.
        user_name: the user's name at this moment, for the history.
    """

    key: str
    list_names: tuple[str, ...] = field(repr=False)
    user_id: int | None = None
    user_name: str = ""

    @classmethod
    def anonymous(cls, identifier: str) -> Self:
        """Return the owner behind a cookie's random identifier of 128 bits.

        Nobody can try all identifiers, so this hash needs no key, and does not change with one.
        """
        key = f"anonymous:{identifier}"
        name = hashlib.blake2b(key.encode(), digest_size=_NAME_DIGITS // 2).hexdigest()
        return cls(key=key, list_names=(name,))

    @classmethod
    def user(cls, user_id: int, user_name: str) -> Self:
        """Return the owner that a signed-in user is.

        Anybody can try all user ids, so this hash has a key. While an earlier ``SECRET_KEY`` is in
        ``SECRET_KEY_FALLBACKS``, the list that was named with it is read, too.
        """
        key = f"user:{user_id}"
        names = tuple(
            salted_hmac(_SALT, key, secret=secret, algorithm="sha256").hexdigest()[:_NAME_DIGITS]
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        )
        return cls(key=key, list_names=names, user_id=user_id, user_name=user_name)

    @classmethod
    def of_list(cls, name: str) -> Self:
        """Return the unknown owner of the list of that name."""
        return cls(key="", list_names=(name,))


SHARED_OWNER: Final = Owner(key="shared", list_names=("shared",))
"""With ``RECENTS_SCOPE=shared``, the one owner of everybody's recents."""


@dataclass(slots=True, kw_only=True)
class RecentItem:
    """One secret with what its owner wants to know of it.

    Not frozen: a page makes ten of them, and a frozen one takes three times as long.

    Attributes:
        item_id: 32 hexadecimal digits.
        created_at: aware, in whole microseconds; it orders the items.
        expires_at: from this moment on the item is not shown any more.
    """

    item_id: str
    value: str = field(repr=False)
    kind: str
    entropy_bits: float
    created_at: datetime
    expires_at: datetime


def new_item_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return os.urandom(16).hex()


def to_microseconds(moment: datetime) -> int:
    """Return the whole microseconds since 1970 (an exact integer, which a float is not)."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """Return the moment that many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)
