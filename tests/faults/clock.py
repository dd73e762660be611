"""A wall clock that a test sets, for the app alone."""

import struct
import subprocess
from datetime import timedelta
from pathlib import Path


class Clock:
    """The wall clock of an app that has `environment`; the clocks that never run back stay."""

    def __init__(self, folder: Path, compiler: str) -> None:
        self._offset = folder / "offset"
        library = folder / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
        self.set(timedelta())
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET": str(self._offset)}

    def set(self, offset: timedelta) -> None:
        """Let it be off by so much from now on."""
        with self._offset.open("r+b" if self._offset.exists() else "wb") as file:
            file.write(struct.pack("q", int(offset.total_seconds())))
