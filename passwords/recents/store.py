"""The store for the current settings."""

from datetime import timedelta
from functools import lru_cache, partial
from typing import Final

from django.conf import settings

from passwords.recents.contract import RecentsStore
from passwords.recents.encryption import KeyRing
from passwords.recents.items import SHARED_OWNER, Owner
from passwords.recents.memory import MemoryRecents

CACHE_ALIAS: Final = "recents"


def list_owner(owner: Owner) -> Owner:
    """Return the owner whose list *owner* uses: *owner*, or the shared one."""
    return SHARED_OWNER if settings.RECENTS_SCOPE == "shared" else owner


def uses_redis() -> bool:
    """Whether recents are stored in Redis, which several processes share."""
    return CACHE_ALIAS in settings.CACHES


@lru_cache(maxsize=1)
def open_store() -> RecentsStore:
    """Return the store for the current settings, the same for the whole process."""
    ring = KeyRing(settings.RECENTS_KEYS)
    limit = settings.RECENTS_LIMIT
    lifetime = timedelta(seconds=settings.RECENTS_TTL)
    if not uses_redis():
        return MemoryRecents(ring=ring, limit=limit, lifetime=lifetime)
    # Imported here because it is slow, and not needed for recents in memory.
    from passwords.recents.connection import connect  # noqa: PLC0415
    from passwords.recents.redis import RedisRecents  # noqa: PLC0415

    return RedisRecents(partial(connect, CACHE_ALIAS), ring=ring, limit=limit, lifetime=lifetime)
