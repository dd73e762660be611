"""System checks: configurations that would break a promise of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core import checks

from passwords.recents import uses_redis

if TYPE_CHECKING:
    from collections.abc import Sequence

TAG: Final = "giropops"


@checks.register(TAG)
def recents_are_shared_by_all_workers(**_kwargs: Any) -> Sequence[checks.CheckMessage]:
    """In-memory recents live in one process: with several, each would show another list."""
    if uses_redis() or settings.WEB_CONCURRENCY == 1:
        return []
    return [
        checks.Error(
            "WEB_CONCURRENCY takes 1 while recents are kept in memory: set REDIS_URL or REDIS_HOST"
            " to serve with several workers",
            id="giropops.E001",
        )
    ]


@checks.register(TAG, deploy=True)
def recents_are_private(**_kwargs: Any) -> Sequence[checks.CheckMessage]:
    """A shared list shows everybody's secrets to everybody."""
    if settings.RECENTS_SCOPE == "owner":
        return []
    return [
        checks.Warning(
            "RECENTS_SCOPE=shared shows everybody's recent secrets to everybody",
            hint="Leave it out, unless this is a classroom that wants to see just that.",
            id="giropops.W001",
        )
    ]
