"""The folder in memory for the counts of all workers.

prometheus_client writes files for each process, and adds them up at each scrape. The counts must
outlive the worker. So when a worker ends, its counts are added to the files of all ended workers,
and its own files are removed: the folder does not grow with each restart of a worker.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

logger = logging.getLogger(__name__)

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client reads the folder; set it before the first import of the library."""
_PREFIX: Final = "giropops-metrics-"
# Set by `prepare`: a reload (SIGHUP) reads the configuration again and keeps the folder.
_IN_USE: Final = "GIROPOPS_METRICS_FOLDER"
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder of tmpfs
_ENDED: Final = "ended"

WAITING_ROWS: Final = "giropops_history_waiting_rows"
LOST_ROWS: Final = "giropops_history_lost_rows"
LOST_ROWS_HELP: Final = "History rows that will never be written, by reason."


def prepare(chosen: str) -> Path:
    """Empty the *chosen* folder, or create one in memory, and set VARIABLE; a reload keeps it.

    When an earlier gunicorn was killed with all its workers, the history rows that waited in them
    are lost. If its folder still exists, they are counted.
    """
    if in_use := os.environ.get(_IN_USE):
        return Path(in_use)
    if chosen:
        folder = Path(chosen)
        folder.mkdir(parents=True, exist_ok=True)
        lost = _clear(folder)
    else:
        parent = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
        lost = _remove_orphans(parent or Path(tempfile.gettempdir()))
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    os.environ[VARIABLE] = os.environ[_IN_USE] = str(folder)
    if lost:
        _lose(folder, lost)
    return folder


def remove() -> None:
    """Remove the folder if `prepare` created it in this process."""
    folder = Path(os.environ.get(_IN_USE, ""))
    if folder.name.startswith(f"{_PREFIX}{os.getpid()}-"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(folder: Path, mode: int) -> Iterator[None]:
    """Hold the folder's lock: ``fcntl.LOCK_SH`` to read counts, ``fcntl.LOCK_EX`` to move them."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, mode)
        yield


def waiting_rows(folder: Path) -> int:
    """Return how many history rows wait in all running workers."""
    with locked(folder, fcntl.LOCK_SH):
        return sum(_waiting_rows(_read(path)) for path in folder.glob("gauge_livesum_*.db"))


def absorb(folder: Path, pid: int) -> None:
    """Add the counts of the ended process *pid* to those of all ended processes.

    History rows that still waited in the process are lost.
    """
    with locked(folder, fcntl.LOCK_EX):
        for path in folder.glob(f"*_{pid}.db"):
            counts = _read(path)
            kind = path.name.removesuffix(f"_{pid}.db")
            if kind in {"counter", "histogram"}:
                _add(folder / f"{kind}_{_ENDED}.db", counts)
            if lost := _waiting_rows(counts):
                _lose(folder, lost)
            path.unlink()


def _lose(folder: Path, rows: int) -> None:
    logger.error("history: %d rows lost (killed)", rows)
    key = _files().mmap_key(LOST_ROWS, f"{LOST_ROWS}_total", ["reason"], ["killed"], LOST_ROWS_HELP)
    _add(folder / f"counter_{_ENDED}.db", {key: rows})


def _read(path: Path) -> dict[str, float]:
    counts = _files().MmapedDict.read_all_values_from_file(str(path))
    return {key: value for key, value, *_ in counts}


def _waiting_rows(counts: dict[str, float]) -> int:
    return int(sum(value for key, value in counts.items() if f'"{WAITING_ROWS}"' in key))


def _add(path: Path, counts: dict[str, float]) -> None:
    ended = _files().MmapedDict(str(path))
    try:
        for key, value in counts.items():
            ended.write_value(key, ended.read_value(key)[0] + value, 0.0)
    finally:
        ended.close()


def _files() -> Any:
    """Return prometheus_client's module for its files, which has no type hints."""
    from prometheus_client import mmap_dict  # noqa: PLC0415  # after `prepare` has set VARIABLE

    return mmap_dict


def _remove_orphans(parent: Path) -> int:
    """Remove the folders of killed gunicorns; return how many history rows waited in them.

    Only rows of a folder with this process's id are counted: in a container gunicorn always has the
    same id, and a restarted pod keeps its memory. Other folders may belong to another app.
    """
    rows = 0
    for folder in parent.glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid == str(os.getpid()):
            rows += _clear(folder)
        elif not pid.isdigit() or Path("/proc", pid).exists():
            continue
        shutil.rmtree(folder, ignore_errors=True)
    return rows


def _clear(folder: Path) -> int:
    """Remove the files of a killed gunicorn; return how many history rows waited in it."""
    rows = 0
    for path in folder.glob("*.db"):
        try:
            rows += _waiting_rows(_read(path))
        except Exception as error:  # the kill may have left a damaged file: start all the same
            logger.warning("metrics: a file is damaged (%s)", type(error).__name__)
        path.unlink(missing_ok=True)
    return rows
