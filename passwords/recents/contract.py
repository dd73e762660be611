"""What every store of recents promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from passwords.recents.items import Owner, RecentItem


class RecentsUnavailableError(Exception):
    """The store failed: nothing was read, or it is unknown whether it was written.

    Attributes:
        reason: ``away`` (no answer), ``refused`` (an error as the answer, or a wrong password), or
            ``paused`` (it failed a moment ago, and was not called).
    """

    def __init__(self, reason: str = "away") -> None:
        super().__init__(reason)
        self.reason = reason


class RecentsStore(Protocol):
    """Newest first, at most ``limit`` items an owner, each for ``lifetime``.

    Every method raises ``RecentsUnavailableError`` when the store fails, within a bounded time.
    """

    def add(
        self, owner: Owner, items: Sequence[RecentItem], *, once: bool = False
    ) -> RecentItem | None:
        """Add *items*, oldest first; older ones beyond the limit go, expired ones too.

        With *once*, nothing is added when the owner has an item with the id of the first one,
        which is returned instead: of several writers at the same time, one adds.
        """

    def list(self, owner: Owner) -> Sequence[RecentItem]:
        """Return the owner's live items, newest first."""

    def remove(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; return whether it was there."""

    def clear(self, owner: Owner) -> bool:
        """Remove all of the owner's items; return whether there were any."""

    def owners(self) -> Iterator[Owner]:
        """Yield the unknown owner of every list that has items; some of them twice."""

    def reencrypt(self, owner: Owner) -> int:
        """Encrypt with the first key the items that have another; return how many."""

    def count(self, key: str, seconds: int) -> int:
        """Add one to the count of *key*, which ends after *seconds*; return the count."""

    def check(self) -> int:
        """Make sure that the store takes writes; return about how many lists it has."""
