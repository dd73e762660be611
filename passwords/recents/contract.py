"""The contract of every store of recents."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from passwords.recents.items import Owner, RecentItem


class RecentsUnavailableError(Exception):
    """The store failed: nothing was read, or it is unknown whether a write succeeded.

    Attributes:
        reason: ``away`` (no answer), ``refused`` (an error, or a wrong password), or ``paused`` (it
            has just failed, and was not called).
    """

    def __init__(self, reason: str = "away") -> None:
        super().__init__(reason)
        self.reason = reason


class RecentsStore(Protocol):
    """Keeps at most ``limit`` items of each owner, each for ``lifetime``.

    If the store fails, every method raises ``RecentsUnavailableError`` within a limited time.
    """

    def add(self, owner: Owner, items: Sequence[RecentItem]) -> None:
        """Add *items*, oldest first; remove expired items, and the oldest beyond the limit."""

    def add_once(self, owner: Owner, item: RecentItem) -> Sequence[RecentItem]:
        """Add *item*, unless the owner has an item with its id; return the items as `list` does.

        Of several writers at the same time, only one adds.
        """

    def list(self, owner: Owner) -> Sequence[RecentItem]:
        """Return the owner's items that have not expired, newest first."""

    def remove(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; return whether it was there."""

    def change(self, owner: Owner, item: RecentItem) -> bool:
        """Put *item* in the place of the one with its id; return whether that was there."""

    def clear(self, owner: Owner) -> bool:
        """Remove all of the owner's items; return whether there were any."""

    def owners(self) -> Iterator[Owner]:
        """Yield an owner for every list that has items, perhaps more than once."""

    def reencrypt(self, owner: Owner) -> int:
        """Encrypt items that have another key with the first key; return how many."""

    def count(self, key: str, seconds: int) -> int:
        """Add one to the count of *key*, which expires after *seconds*; return the count."""

    def check(self) -> int:
        """Check that the store accepts writes; return about how many lists it has."""
