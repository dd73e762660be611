"""Recents and counts in the memory of one process, for trials and small teams."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from passwords.recents.encryption import KeyRing
from passwords.recents.items import Owner, RecentItem

# Beyond either limit, the owner with the oldest last write is removed first.
MAX_OWNERS: Final = 10_000
MAX_BYTES: Final = 8 * 1024 * 1024
"""Of encrypted items: 2,700 owners with ten items of 300 bytes each."""
MAX_KEYS: Final = 20_000
"""About 5 MB. The key with the oldest last count is removed first."""


class ProcessCounter:
    """Counts by key. Callers use new keys in each window of time, so counts need not expire."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, int] = OrderedDict()

    def count(self, key: str) -> int:
        """Add one to the count of *key*; return the count."""
        with self._lock:
            count = self._counts[key] = self._counts.get(key, 0) + 1
            self._counts.move_to_end(key)
            if len(self._counts) > MAX_KEYS:
                self._counts.popitem(last=False)
        return count


class MemoryRecents:
    """``RecentsStore`` in the memory of one process; safe for threads."""

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
        self._bytes = 0
        # The frames of each list, oldest first; owners in the order of their last write.
        self._frames: OrderedDict[str, tuple[datetime, MutableSequence[bytes]]] = OrderedDict()

    def add(self, owner: Owner, items: Sequence[RecentItem]) -> None:
        """Add *items*, oldest first."""
        with self._lock:
            self._add(owner, items)

    def add_once(self, owner: Owner, item: RecentItem) -> Sequence[RecentItem]:
        """Add *item*, unless the owner has an item with its id; return the owner's items."""
        with self._lock:
            if all(alive.item_id != item.item_id for alive in self._alive(owner).values()):
                self._add(owner, [item])
        return self.list(owner)

    def list(self, owner: Owner) -> Sequence[RecentItem]:
        """Return the owner's items that have not expired, newest first."""
        with self._lock:
            alive = self._alive(owner)
        return list(reversed(alive.values()))

    def remove(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; return whether it was there."""
        now = self._now()
        with self._lock:
            frames = self._frames_of(owner)
            for frame in frames:
                item = self._open(owner, frame, now)
                if item and item.item_id == item_id:
                    frames.remove(frame)
                    self._bytes -= len(frame)
                    return True
        return False

    def change(self, owner: Owner, item: RecentItem) -> bool:
        """Put *item* in the place of the one with its id; return whether that was there."""
        with self._lock:
            frames = self._frames_of(owner)
            for frame, stored in self._alive(owner).items():
                if stored.item_id == item.item_id:
                    changed = self._ring.encrypt(owner.list_names[0], item)
                    frames[frames.index(frame)] = changed
                    self._bytes += len(changed) - len(frame)
                    return True
        return False

    def clear(self, owner: Owner) -> bool:
        """Remove all of the owner's items; return whether there were any."""
        now = self._now()
        with self._lock:
            found = any(self._open(owner, frame, now) for frame in self._frames_of(owner))
            self._drop(owner.list_names[0])
        return found

    def owners(self) -> Iterator[Owner]:
        """Yield an owner for every list that has items."""
        with self._lock:
            names = [name for name, (_written, frames) in self._frames.items() if frames]
        yield from map(Owner.of_list, names)

    def reencrypt(self, owner: Owner) -> int:
        """Encrypt items that have another key with the first key; return how many."""
        with self._lock:
            frames = self._frames_of(owner)
            new = [self._ring.reencrypt(owner.list_names[0], frame) for frame in frames]
            self._bytes -= _size(frames)
            frames[:] = [frame or old for frame, old in zip(new, frames, strict=True)]
            self._bytes += _size(frames)
        return sum(frame is not None for frame in new)

    def count(self, key: str, seconds: int) -> int:  # noqa: ARG002  # the contract's
        """Add one to the count of *key*; return the count."""
        return self._counter.count(key)

    def check(self) -> int:
        """Return the number of lists; memory always accepts writes."""
        return len(self._frames)

    def _add(self, owner: Owner, items: Sequence[RecentItem]) -> None:
        name = owner.list_names[0]
        new = [self._ring.encrypt(name, item) for item in items[-self._limit :]]
        frames = [*self._alive(owner), *new][-self._limit :]
        self._drop(name)
        now = self._now()
        self._frames[name] = (now, frames)
        self._bytes += _size(frames)
        self._drop_old_owners(now)

    def _alive(self, owner: Owner) -> dict[bytes, RecentItem]:
        """Return the owner's items that have not expired by their frames, oldest first."""
        now = self._now()
        opened = {frame: self._open(owner, frame, now) for frame in self._frames_of(owner)}
        return {frame: item for frame, item in opened.items() if item}

    def _frames_of(self, owner: Owner) -> MutableSequence[bytes]:
        entry = self._frames.get(owner.list_names[0])
        return entry[1] if entry else []

    def _open(self, owner: Owner, frame: bytes, now: datetime) -> RecentItem | None:
        item = self._ring.decrypt(owner.list_names[0], frame, lifetime=self._lifetime)
        return item if item and item.expires_at > now else None

    def _drop_old_owners(self, now: datetime) -> None:
        while self._frames:
            key, (written, _frames) = next(iter(self._frames.items()))
            fits = len(self._frames) <= MAX_OWNERS and self._bytes <= MAX_BYTES
            if fits and written + self._lifetime > now:
                return
            self._drop(key)

    def _drop(self, name: str) -> None:
        _written, frames = self._frames.pop(name, (None, ()))
        self._bytes -= _size(frames)


def _size(frames: Iterable[bytes]) -> int:
    return sum(map(len, frames))
