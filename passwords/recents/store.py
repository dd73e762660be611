"""The choice between the stores."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from django.conf import settings

from passwords.recents.encryption import KeyRing
from passwords.recents.items import SHARED_OWNER, Owner
from passwords.recents.memory import MemoryRecents

if TYPE_CHECKING:
    from passwords.recents.contract import RecentsStore

CACHE_ALIAS: Final = "recents"


def list_owner(owner: Owner) -> Owner:
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
    if not uses_redis():
        return MemoryRecents(ring=ring, limit=limit, lifetime=lifetime)
    # Imported only here: the Redis client is slow to import, and memory does not need it.
    from passwords.recents.connection import connect  # noqa: PLC0415
    from passwords.recents.redis import RedisRecents  # noqa: PLC0415

    return RedisRecents(partial(connect, CACHE_ALIAS), ring=ring, limit=limit, lifetime=lifetime)
