"""Asking a dependency how it is without ever waiting for it longer than agreed."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 0.7
"""How long a dependency may take. The image's health check allows twice as much for the answer."""


class Answer(NamedTuple):
    """What a dependency says: ``ok`` or one word on what is wrong, and how much it holds."""

    status: str
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How a dependency is.

    Attributes:
        status: ``ok``, or one word on what is wrong: never a text of the dependency's own.
        seconds: how long the answer took, or was waited for.
        size: how much it holds, if that is known.
    """

    status: str
    seconds: float
    size: int | None

    @property
    def is_ok(self) -> bool:
        """Whether the dependency does its work."""
        return self.status == "ok"


class Probe:
    """One question, asked in a thread of its own, by one asker at a time.

    Those who want to know while it is being asked wait for the same answer; one that has not come
    in time is a finding too, and the next asker goes on waiting for it rather than start another.

    Args:
        name: of the dependency, for the log.
        ask: returns the answer; an exception is ``failed``.
    """

    def __init__(self, name: str, ask: Callable[[], Answer]) -> None:
        self._name = name
        self._ask = ask
        self._lock = threading.Lock()
        self._running: _Run | None = None

    def start(self) -> Callable[[], Finding]:
        """Ask, unless somebody has; return how to wait for the finding."""
        with self._lock:
            run = self._running
            if run is None or run.done.is_set():
                run = self._running = _Run()
                threading.Thread(target=self._answer, args=[run], daemon=True).start()
        started = time.monotonic()

        def wait() -> Finding:
            left = max(0.0, started + TIMEOUT_SECONDS - time.monotonic())
            answer = run.answer if run.done.wait(left) else Answer("slow", None)
            seconds = time.monotonic() - started
            return Finding(status=answer.status, seconds=seconds, size=answer.size)

        return wait

    def _answer(self, run: _Run) -> None:
        try:
            run.answer = self._ask()
        except Exception as error:  # whatever it is, it is the finding
            logger.warning("%s: no answer (%s)", self._name, type(error).__name__)
        finally:
            run.done.set()


class _Run:
    """A question that is being asked."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer = Answer("failed", None)
