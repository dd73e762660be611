"""The folder in memory in which all workers count, so that one answer tells the sum of them.

prometheus_client gives each process files of its own, and sums them up when it is asked. What a
worker has counted must outlive the worker: when it ends, its files are added to those of all ended
ones and removed, so that the folder does not grow with each worker that came and went.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks for the folder; it must be set before its first import."""
_PREFIX: Final = "giropops-metrics-"
# A reload (SIGHUP) reads the configuration anew, and goes on with the folder.
_IN_USE: Final = "GIROPOPS_METRICS_FOLDER"
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder of tmpfs
_ENDED: Final = "ended"

WAITING_ROWS: Final = "giropops_history_waiting_rows"
LOST_ROWS: Final = "giropops_history_lost_rows"
LOST_ROWS_HELP: Final = "Rows of the history that will never be written, by reason."


def prepare(chosen: str) -> Path:
    """Make the folder, empty, and tell prometheus_client; a reload keeps what there is.

    Rows of the history that were kept by a gunicorn which was killed, workers and all, are lost:
    where its folder is still there, they are counted.

    Args:
        chosen: its path, or nothing for a folder of our own in memory.
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
    """Remove the folder, if it is one of our own making by this very process."""
    folder = Path(os.environ.get(_IN_USE, ""))
    if folder.name.startswith(f"{_PREFIX}{os.getpid()}-"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Let nobody move counts from file to file meanwhile: they would count twice, or not at all."""
    with _locked(folder, fcntl.LOCK_SH):
        yield


def waiting_rows(folder: Path) -> int:
    """Return how many rows of the history all living workers together keep."""
    with reading(folder):
        return sum(
            _waiting_rows(list(_files().MmapedDict.read_all_values_from_file(str(path))))
            for path in folder.glob("gauge_livesum_*.db")
        )


def absorb(folder: Path, pid: int) -> None:
    """Add what the ended process *pid* has counted to what all ended ones have.

    Rows of the history that it kept went with it: they are lost.
    """
    files = _files()
    with _locked(folder, fcntl.LOCK_EX):
        for path in folder.glob(f"*_{pid}.db"):
            counts = list(files.MmapedDict.read_all_values_from_file(str(path)))
            kind = path.name.removesuffix(f"_{pid}.db")
            if kind in {"counter", "histogram"}:
                _add(folder / f"{kind}_{_ENDED}.db", {key: value for key, value, *_ in counts})
            if lost := _waiting_rows(counts):
                _lose(folder, lost)
            path.unlink()


def _lose(folder: Path, rows: int) -> None:
    logger.error("history: %d rows lost (killed)", rows)
    key = _files().mmap_key(LOST_ROWS, f"{LOST_ROWS}_total", ["reason"], ["killed"], LOST_ROWS_HELP)
    _add(folder / f"counter_{_ENDED}.db", {key: rows})


def _waiting_rows(counts: list[tuple[str, float, float, int]]) -> int:
    return int(sum(value for key, value, *_ in counts if f'"{WAITING_ROWS}"' in key))


def _add(path: Path, counts: dict[str, float]) -> None:
    ended = _files().MmapedDict(str(path))
    try:
        for key, value in counts.items():
            ended.write_value(key, ended.read_value(key)[0] + value, 0.0)
    finally:
        ended.close()


def _files() -> Any:
    """Return the module of prometheus_client's files, which has no types."""
    from prometheus_client import mmap_dict  # noqa: PLC0415  # not before `prepare`

    return mmap_dict


@contextmanager
def _locked(folder: Path, mode: int) -> Iterator[None]:
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, mode)
        yield


def _remove_orphans(parent: Path) -> int:
    """Remove the folders of gunicorns that were killed; return how many rows they kept.

    Their process is no more, and then they may have been of another app; or it has the id of this
    one: in a container each gunicorn has, and a pod keeps its memory when it is restarted.
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
    """Remove the files that a killed gunicorn has left; return how many rows it kept."""
    rows = 0
    for path in folder.glob("*.db"):
        try:
            rows += _waiting_rows(list(_files().MmapedDict.read_all_values_from_file(str(path))))
        except Exception as error:  # a file torn by the kill must not keep the app from starting
            logger.warning("metrics: a file is torn (%s)", type(error).__name__)
        path.unlink(missing_ok=True)
    return rows
