"""Run the check of a dependency in a thread, and wait for its result only for a limited time."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, NamedTuple

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 0.7
"""How long to wait for a dependency. The image's health check waits almost three times as long."""


class Finding(NamedTuple):
    """The result of a check.

    Attributes:
        status: ``ok``, ``slow`` if there was no result in time, or one word on what is wrong. Never
            a text from the dependency.
        size: the number of rows or owners in the store, if it is known.
        seconds: how long the caller waited.
    """

    status: str
    size: int | None = None
    seconds: float = 0.0

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

    def __init__(self, name: str, check: Callable[[], Finding]) -> None:
        self._name = name
        self._check = check
        self._lock = threading.Lock()
        self._run: Future[Finding] | None = None

    def start(self) -> Callable[[], Finding]:
        """Start the check unless it is running; return a function that waits for the result."""
        with self._lock:
            run = self._run
            if run is None or run.done():
                run = self._run = Future()
                threading.Thread(target=self._execute, args=[run], daemon=True).start()
        started = time.monotonic()

        def wait() -> Finding:
            try:
                finding = run.result(max(0.0, started + TIMEOUT_SECONDS - time.monotonic()))
            except TimeoutError:
                finding = Finding("slow")
            return finding._replace(seconds=time.monotonic() - started)

        return wait

    def _execute(self, run: Future[Finding]) -> None:
        try:
            run.set_result(self._check())
        except Exception as error:  # every failure is a finding
            logger.warning("%s: no answer (%s)", self._name, type(error).__name__)
            run.set_result(Finding("failed"))
