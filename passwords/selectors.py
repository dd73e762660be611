"""The questions: an owner's recents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passwords.recents import list_owner, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from passwords.recents import Owner, RecentItem


def recents(owner: Owner) -> Sequence[RecentItem]:
    """Return the owner's recent secrets, newest first.

    Raises:
        RecentsUnavailableError: the store is away.
    """
    return open_store().list(list_owner(owner))
