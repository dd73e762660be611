"""A progress bar for long work."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

DELAY_SECONDS: Final = 0.5
"""Shorter work shows no bar."""
INTERVAL_SECONDS: Final = 0.1

_WIDTH: Final = 30
# Go to the start of the line, and erase it (ECMA-48, 8.3.41).
_CLEAR: Final = "\r\x1b[K"


def with_progress(
    chunks: Iterable[bytes],
    total: int,
    *,
    draw: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[bytes]:
    """Yield *chunks* of complete lines, and *draw* a bar for the lines so far.

    Args:
        chunks: *total* lines together.
        total: 1 or more.
        draw: writes text to a terminal. The bar is removed at the end and after an interruption.
        clock: returns monotonic seconds.
    """
    lines = 0
    next_at = clock() + DELAY_SECONDS
    drawn = False
    try:
        for chunk in chunks:
            yield chunk
            lines += chunk.count(b"\n")
            if clock() >= next_at:
                drawn = True  # before `draw`, which may be interrupted
                draw(f"{_CLEAR}{bar(lines, total)}")
                next_at = clock() + INTERVAL_SECONDS
    finally:
        if drawn:
            draw(_CLEAR)


def bar(lines: int, total: int) -> str:
    """Return a bar, the percentage and the count."""
    filled = _WIDTH * lines // total
    return (
        f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {100 * lines // total:3d} % ({lines}/{total})"
    )
