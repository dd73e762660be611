"""A circuit breaker: after a failure, a store is not called for a short time."""

import threading
import time
from collections.abc import Callable

PAUSE_SECONDS = 0.5


class CircuitBreaker:
    """Closed: every call is allowed. Open: one call in each pause is allowed, to try the store."""

    def __init__(
        self, *, pause_seconds: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._retry_at: float | None = None

    def allows(self) -> bool:
        """Return whether the caller may call the store now."""
        with self._lock:
            if self._retry_at is None:
                return True
            now = self._clock()
            if now < self._retry_at:
                return False
            self._retry_at = now + self._pause_seconds
            return True

    def record_success(self) -> bool:
        """Close the circuit; return whether it was open."""
        with self._lock:
            was_open, self._retry_at = self._retry_at is not None, None
        return was_open

    def record_failure(self) -> None:
        """Open the circuit, or keep it open for another pause."""
        with self._lock:
            self._retry_at = self._clock() + self._pause_seconds
