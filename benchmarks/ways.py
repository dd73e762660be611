"""The app with another way to write the history, for `benchmarks.history` to measure."""

import os
import threading
import time
from typing import Final

from django.db import connection

from giropops.wsgi import application
from passwords import history
from passwords.history import HistoryRow, HistoryWriter, writing

__all__ = ["VARIABLE", "application"]

VARIABLE: Final = "BENCHMARK_WAY"
_FLUSH_SECONDS: Final = 0.2


class _NoWriter(HistoryWriter):
    """Writes nothing."""

    def write(self, row: HistoryRow, *, keep: bool = True) -> bool:  # noqa: ARG002
        return True


class _EachWriter(HistoryWriter):
    """Commits each row by itself."""

    def write(self, row: HistoryRow, *, keep: bool = True) -> bool:  # noqa: ARG002
        return writing._insert([row]) is None  # noqa: SLF001  # what is measured


class _BufferWriter(HistoryWriter):
    """Writes behind the requests, all rows of the last moment in one statement."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[HistoryRow] = []
        self._flusher: threading.Thread | None = None

    def write(self, row: HistoryRow, *, keep: bool = True) -> bool:  # noqa: ARG002
        if self._flusher is None:  # not before the fork
            self._flusher = threading.Thread(target=self._flush, daemon=True)
            self._flusher.start()
        self._rows.append(row)
        return True

    def _flush(self) -> None:
        while True:
            time.sleep(_FLUSH_SECONDS)
            rows, self._rows = self._rows, []
            for first in range(0, len(rows), 100):
                if writing._insert(rows[first : first + 100]):  # noqa: SLF001  # what is measured
                    connection.close()


_WRITERS: Final = {
    "none": _NoWriter,
    "each": _EachWriter,
    "group": HistoryWriter,
    "buffer": _BufferWriter,
}
history.writer = _WRITERS[os.environ[VARIABLE]]()  # type: ignore[misc]  # one process, for measuring
