"""`manage.py` as a program of its own, as a shell or a cron job starts it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS: Final = 60
_INHERITED: Final = ("PATH", "HOME", "TMPDIR", "SECRET_KEY", "RECENTS_KEYS")
# Measured by the program itself: the figures of wait4 for a child include its parent before exec.
_REPORT_MEMORY: Final = """
import runpy, sys
from pathlib import Path
sys.argv[0] = "manage.py"
try:
    runpy.run_path("manage.py", run_name="__main__")
finally:
    status = Path("/proc/self/status").read_text()
    print(*(line for line in status.splitlines() if line.startswith("VmHWM:")), file=sys.stderr)
"""


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return *own* with the little that a program needs of ours; messages are in English."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith("COVERAGE_")
    }
    return {**inherited, "DOTENV": "", "LC_ALL": "C", **own}


def start(*arguments: str, own: Mapping[str, str], **streams: Any) -> subprocess.Popen[bytes]:
    """Start `manage.py` with *arguments* and the environment variables *own*."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(own),
        stdin=subprocess.DEVNULL,
        **streams,
    )


def run(*arguments: str, own: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(own),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def peak_memory(*arguments: str, own: Mapping[str, str]) -> int:
    """Return the largest resident size of `manage.py`, in KiB; its output goes nowhere."""
    program = subprocess.run(
        [sys.executable, "-c", _REPORT_MEMORY, *arguments],
        cwd=ROOT,
        env=environment(own),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=True,
    )
    return int(program.stderr.split()[-2])
