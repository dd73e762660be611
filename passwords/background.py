"""A thread in each worker for work outside of requests."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from django.db import connection

from passwords import audit, pruning, recents, sharing
from passwords.history import daily_totals

logger = logging.getLogger(__name__)

INTERVAL_SECONDS: Final = 30.0
"""Rows are to be sealed within a minute; this is half of it."""


def jobs() -> Sequence[Callable[[], object]]:
    """Return the regular jobs."""
    sealing = (audit.seal,) if settings.AUDIT_CHAIN else ()
    comparing = (recents.compare_keys,) if recents.uses_redis() else ()
    return (
        daily_totals.update,
        *sealing,
        pruning.prune_daily,
        sharing.end_expired,
        *comparing,
    )


class BackgroundThread:
    """Runs each job every *interval* seconds, also after it has failed."""

    def __init__(self, jobs: Sequence[Callable[[], object]], *, interval: float) -> None:
        self._jobs = jobs
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread after the current job."""
        self._stopping.set()
        self._thread.join(timeout=self._interval)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            for job in self._jobs:
                _run_job(job)
            connection.close()


def _run_job(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception as error:  # the other jobs must run all the same
        name = f"{job.__module__}.{job.__qualname__}"
        logger.warning("background: %s failed (%s)", name, type(error).__name__)
