"""The questions: an owner's recents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passwords.recents import open_store, shelf

if TYPE_CHECKING:
    from passwords.recents import Owner, RecentItem


def recents(owner: Owner) -> list[RecentItem]:
    """Return the owner's recent secrets, newest first.

    Raises:
        RecentsUnavailableError: the store is away.
    """
    return open_store().newest(shelf(owner))
