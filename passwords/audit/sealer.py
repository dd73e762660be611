"""A thread of each worker that seals what was written, so that nothing stays unsealed for long."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import DatabaseError, connection

from passwords.audit.sealing import seal

logger = logging.getLogger(__name__)

INTERVAL_SECONDS: Final = 30.0
"""Half of what is promised: a minute."""


class Sealer:
    """Seals every *interval* seconds until stopped; a database that is away is tried again."""

    def __init__(self, *, interval: float = INTERVAL_SECONDS) -> None:
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the batch at hand."""
        self._stopping.set()
        self._thread.join(timeout=self._interval)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            try:
                seal()
            except DatabaseError as error:
                logger.warning("audit: nothing sealed (%s)", type(error).__name__)
            finally:
                connection.close()
