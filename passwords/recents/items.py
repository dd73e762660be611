"""What is kept, and for whom."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose recents they are: a signed-in user, or the holder of an anonymous cookie.

    Attributes:
        key: names the owner in the store; it is bound to each item, which no other owner can open.
        user_id: the user's primary key, or ``None`` for an anonymous owner.
        user_name: the user's name at this moment, for the history.
    """

    key: str
    user_id: int | None = None
    user_name: str = ""

    @classmethod
    def anonymous(cls, identifier: str) -> Owner:
        """Return the owner behind a cookie's random identifier."""
        return cls(key=f"anonymous:{identifier}")

    @classmethod
    def user(cls, user_id: int, user_name: str) -> Owner:
        """Return the owner that a signed-in user is."""
        return cls(key=f"user:{user_id}", user_id=user_id, user_name=user_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentItem:
    """One secret with what its owner wants to know of it.

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
