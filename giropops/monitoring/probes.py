"""Run the check of a dependency in a thread, and wait for its result only for a limited time."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 0.7
"""How long to wait for a dependency. The image's health check waits almost three times as long."""


class Answer(NamedTuple):
    """The result of a check.

    Attributes:
        status: ``ok``, or one word on what is wrong. Never a text from the dependency.
        size: the number of rows or owners in the store, if it is known.
    """

    status: str
    size: int | None


class Finding(NamedTuple):
    """The result of a check as its caller sees it; ``slow`` if there was none in time.

    Attributes:
        status: as in `Answer`.
        size: as in `Answer`.
        seconds: how long the caller waited.
    """

    status: str
    size: int | None
    seconds: float

    @property
    def is_ok(self) -> bool:
        """Whether the dependency works."""
        return self.status == "ok"


class Probe:
    """The check of one dependency, which runs at most once at the same time.

    Callers share a check that is running, also one that has exceeded the time limit.

    Args:
        name: the dependency's name, for the log.
        check: returns the result; an exception is logged and counts as ``failed``.
    """

    def __init__(self, name: str, check: Callable[[], Answer]) -> None:
        self._name = name
        self._check = check
        self._lock = threading.Lock()
        self._running: _Run | None = None

    def start(self) -> Callable[[], Finding]:
        """Start the check unless it is running; return a function that waits for the result."""
        with self._lock:
            run = self._running
            if run is None or run.done.is_set():
                run = self._running = _Run()
                threading.Thread(target=self._execute, args=[run], daemon=True).start()
        started = time.monotonic()

        def wait() -> Finding:
            left = max(0.0, started + TIMEOUT_SECONDS - time.monotonic())
            answer = run.answer if run.done.wait(left) else Answer("slow", None)
            return Finding(*answer, seconds=time.monotonic() - started)

        return wait

    def _execute(self, run: _Run) -> None:
        try:
            run.answer = self._check()
        except Exception as error:  # every failure is a finding
            logger.warning("%s: no answer (%s)", self._name, type(error).__name__)
        finally:
            run.done.set()


class _Run:
    """One execution of a check."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer = Answer("failed", None)
