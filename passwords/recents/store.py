"""The contract of both adapters, and the choice between them."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from django.conf import settings

from passwords.recents.items import Owner
from passwords.recents.sealing import KeyRing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from passwords.recents.items import RecentItem

CACHE_ALIAS: Final = "recents"
# With RECENTS_SCOPE=shared, the one owner of everybody's recents.
SHARED_OWNER: Final = Owner(key="shared")


class RecentsUnavailableError(Exception):
    """The store is away or refuses: nothing was read, or it is unknown whether it was written.

    Attributes:
        reason: ``away``, ``refused``, or ``paused``: it was away a moment ago, and was not asked.
    """

    def __init__(self, reason: str = "away") -> None:
        super().__init__(reason)
        self.reason = reason


class RecentsStore(Protocol):
    """Newest first, at most ``limit`` an owner, each for ``lifetime``.

    Every method raises ``RecentsUnavailableError`` when the store does not do its work, within a
    bounded time.
    """

    def remember(
        self, owner: Owner, items: Sequence[RecentItem], *, once: bool = False
    ) -> RecentItem | None:
        """Add *items*, oldest first; older ones beyond the limit go, expired ones too.

        With *once*, nothing is added when the owner has an item with the id of the first one,
        which is returned instead: of several writers at the same time, one adds.
        """

    def newest(self, owner: Owner) -> list[RecentItem]:
        """Return the owner's live items, newest first."""

    def forget(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; say whether it was there."""

    def clear(self, owner: Owner) -> None:
        """Remove all of the owner's items."""

    def owner_keys(self) -> Iterator[str]:
        """Yield the key of every owner that has items."""

    def reseal(self, owner: Owner) -> int:
        """Seal the owner's items with the first key, where another did; return how many."""

    def count(self, keys: Sequence[str], seconds: int) -> list[int]:
        """Add one to each of *keys*, which end after *seconds*; return what they are then."""

    def check(self) -> int:
        """Make sure that the store takes writes; return how many owners have items."""


def shelf(owner: Owner) -> Owner:
    """Return whose recents *owner* reads and writes: their own, or everybody's when shared."""
    return SHARED_OWNER if settings.RECENTS_SCOPE == "shared" else owner


def uses_redis() -> bool:
    """Whether recents are kept in Redis, where several processes see them."""
    return CACHE_ALIAS in settings.CACHES


@lru_cache(maxsize=1)
def open_store() -> RecentsStore:
    """Return the store that the settings ask for; one for the whole process."""
    ring = KeyRing(settings.RECENTS_KEYS)
    limit = settings.RECENTS_LIMIT
    lifetime = timedelta(seconds=settings.RECENTS_TTL)
    # Imported on demand: the Redis client is slow to import, and not needed for the other one.
    if uses_redis():
        from passwords.recents.redis import RedisRecents, connect  # noqa: PLC0415

        return RedisRecents(connect(CACHE_ALIAS), ring=ring, limit=limit, lifetime=lifetime)
    from passwords.recents.memory import MemoryRecents  # noqa: PLC0415

    return MemoryRecents(ring=ring, limit=limit, lifetime=lifetime)
