"""A progress bar for long work."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

DELAY_SECONDS: Final = 0.5
"""Shorter work shows no bar."""
INTERVAL_SECONDS: Final = 0.1

_WIDTH: Final = 30
# Go to the start of the line, and erase it (ECMA-48, 8.3.41).
_CLEAR: Final = "\r\x1b[K"

Part = TypeVar("Part")


def with_progress(
    parts: Iterable[Part],
    total: int,
    *,
    measure: Callable[[Part], int],
    draw: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Part]:
    """Yield *parts*, and *draw* a bar for what there is so far.

    Args:
        parts: *total* secrets together.
        total: 1 or more.
        measure: returns how many secrets are in a part.
        draw: writes text to a terminal. The bar is removed at the end and after an interruption.
        clock: returns monotonic seconds.
    """
    done = 0
    next_at = clock() + DELAY_SECONDS
    drawn = False
    try:
        for part in parts:
            yield part
            done += measure(part)
            if clock() >= next_at:
                drawn = True  # before `draw`, which may be interrupted
                draw(f"{_CLEAR}{bar(done, total)}")
                next_at = clock() + INTERVAL_SECONDS
    finally:
        if drawn:
            draw(_CLEAR)


def bar(done: int, total: int) -> str:
    """Return a bar, the percentage and the count."""
    filled = _WIDTH * done // total
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {100 * done // total:3d} % ({done}/{total})"
