"""Each owner's recent secrets: a few, encrypted, for a short while.

One contract (``RecentsStore``), two adapters: Redis, which several processes share, and memory,
for one process. A secret is sealed before it reaches either.
"""

from passwords.recents.counting import ProcessCounter
from passwords.recents.items import Owner, RecentItem, new_item_id
from passwords.recents.sealing import KEY_BYTES
from passwords.recents.store import (
    RecentsStore,
    RecentsUnavailableError,
    open_store,
    shelf,
    uses_redis,
)

__all__ = [
    "KEY_BYTES",
    "Owner",
    "ProcessCounter",
    "RecentItem",
    "RecentsStore",
    "RecentsUnavailableError",
    "new_item_id",
    "open_store",
    "shelf",
    "uses_redis",
]
