"""Counting in one process: how many requests each key had in its window of time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_KEYS: Final = 20_000
"""Some 5 MB. The key that was counted longest ago goes first."""


class ProcessCounter:
    """Adds up by key; each window of time has its own keys, and so begins at 0."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, int] = OrderedDict()

    def count(self, keys: Sequence[str]) -> list[int]:
        """Add one to each of *keys*; return their counts."""
        with self._lock:
            return [self._add(key) for key in keys]

    def _add(self, key: str) -> int:
        count = self._counts[key] = self._counts.get(key, 0) + 1
        self._counts.move_to_end(key)
        if len(self._counts) > MAX_KEYS:
            self._counts.popitem(last=False)
        return count
