"""Each owner's recent secrets: encrypted, limited in number and lifetime.

One contract (``RecentsStore``), two stores: Redis, which several processes share, and the memory of
one process. Secrets are encrypted before they are stored.
"""

from passwords.recents.contract import RecentsStore, RecentsUnavailableError
from passwords.recents.encryption import KEY_BYTES, KeyRing
from passwords.recents.fingerprints import compare_keys, differing_keys
from passwords.recents.items import Owner, RecentItem, new_item_id
from passwords.recents.memory import ProcessCounter
from passwords.recents.store import list_owner, open_store, uses_redis

__all__ = [
    "KEY_BYTES",
    "KeyRing",
    "Owner",
    "ProcessCounter",
    "RecentItem",
    "RecentsStore",
    "RecentsUnavailableError",
    "compare_keys",
    "differing_keys",
    "list_owner",
    "new_item_id",
    "open_store",
    "uses_redis",
]
