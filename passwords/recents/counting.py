"""Counting in one process: who asked how often in a window of time."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_KEYS: Final = 100_000
"""Some 20 MB. With more, all is forgotten: a limit is no record."""


class ProcessCounter:
    """Adds up by key; a window's keys are its own, and so begin at nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, keys: Sequence[str]) -> list[int]:
        """Add one to each of *keys*; return what they are then."""
        with self._lock:
            if len(self._counts) > MAX_KEYS:
                self._counts.clear()
            for key in keys:
                self._counts[key] += 1
            return [self._counts[key] for key in keys]
