"""Recents in the memory of one process: for a first look, a class, a small team."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from passwords.recents.counting import ProcessCounter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta

    from passwords.recents.items import Owner, RecentItem
    from passwords.recents.sealing import KeyRing

# With ten items of some 300 bytes each, about 30 MB; the owner who wrote longest ago goes first.
MAX_OWNERS: Final = 10_000


class MemoryRecents:
    """The contract of ``RecentsStore`` in one process with threads; gone with the process."""

    def __init__(
        self,
        *,
        ring: KeyRing,
        limit: int,
        lifetime: timedelta,
        now: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._ring = ring
        self._limit = limit
        self._lifetime = lifetime
        self._now = now
        self._lock = threading.Lock()
        self._counter = ProcessCounter()
        # The sealed frames of each owner, oldest first; owners in the order of their last write.
        self._frames: OrderedDict[str, tuple[datetime, list[bytes]]] = OrderedDict()

    def remember(
        self, owner: Owner, items: Sequence[RecentItem], *, once: bool = False
    ) -> RecentItem | None:
        """Add *items*, or with *once* return the one that has the id of the first."""
        sealed = [self._ring.seal(owner, item) for item in items[-self._limit :]]
        now = self._now()
        with self._lock:
            alive = {
                frame: item
                for frame in self._frames_of(owner)
                if (item := self._open(owner, frame, now))
            }
            if once:
                for item in alive.values():
                    if item.item_id == items[0].item_id:
                        return item
            self._frames[owner.key] = (now, [*alive, *sealed][-self._limit :])
            self._frames.move_to_end(owner.key)
            self._drop_old_owners(now)
        return None

    def newest(self, owner: Owner) -> list[RecentItem]:
        """Return the owner's live items, newest first."""
        now = self._now()
        with self._lock:
            frames = list(self._frames_of(owner))
        opened = [self._open(owner, frame, now) for frame in reversed(frames)]
        return [item for item in opened if item]

    def forget(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; say whether it was there."""
        now = self._now()
        with self._lock:
            frames = self._frames_of(owner)
            for frame in frames:
                item = self._open(owner, frame, now)
                if item and item.item_id == item_id:
                    frames.remove(frame)
                    return True
        return False

    def clear(self, owner: Owner) -> None:
        """Remove all of the owner's items."""
        with self._lock:
            self._frames.pop(owner.key, None)

    def owner_keys(self) -> Iterator[str]:
        """Yield the key of every owner that has items."""
        with self._lock:
            keys = [key for key, (_written, frames) in self._frames.items() if frames]
        yield from keys

    def reseal(self, owner: Owner) -> int:
        """Seal the owner's items with the first key, where another did; return how many."""
        with self._lock:
            frames = self._frames_of(owner)
            resealed = [self._ring.reseal(owner, frame) for frame in frames]
            frames[:] = [new or old for new, old in zip(resealed, frames, strict=True)]
        return sum(frame is not None for frame in resealed)

    def count(self, keys: Sequence[str], seconds: int) -> list[int]:  # noqa: ARG002  # the contract's
        """Add one to each of *keys*; return what they are then."""
        return self._counter.count(keys)

    def check(self) -> int:
        """Return how many owners have items; memory takes writes."""
        return len(self._frames)

    def _frames_of(self, owner: Owner) -> list[bytes]:
        return self._frames[owner.key][1] if owner.key in self._frames else []

    def _open(self, owner: Owner, frame: bytes, now: datetime) -> RecentItem | None:
        item = self._ring.open(owner, frame, lifetime=self._lifetime)
        return item if item and item.expires_at > now else None

    def _drop_old_owners(self, now: datetime) -> None:
        while self._frames:
            key, (written, _frames) = next(iter(self._frames.items()))
            if len(self._frames) <= MAX_OWNERS and written + self._lifetime > now:
                return
            del self._frames[key]
