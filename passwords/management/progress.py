"""A progress bar for work that turns out to be long."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

# Work that is over sooner shows nothing.
DELAY_SECONDS: Final = 0.5
INTERVAL_SECONDS: Final = 0.1

_WIDTH: Final = 30
# Back to the start of the line, and erase it (ECMA-48, 8.3.41).
_CLEAR: Final = "\r\x1b[K"


def with_progress(
    chunks: Iterable[bytes],
    total: int,
    *,
    draw: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[bytes]:
    """Yield *chunks* of lines as they come, and *draw* how many lines there were.

    Args:
        chunks: whole lines, *total* in all.
        total: 1 or more.
        draw: shows text on a terminal, where the bar is gone at the end, also when that comes
            early.
        clock: seconds that never run backwards.
    """
    lines = 0
    next_at = clock() + DELAY_SECONDS
    drawn = False
    try:
        for chunk in chunks:
            yield chunk
            lines += chunk.count(b"\n")
            if clock() >= next_at:
                drawn = True  # first, since an interruption may come while it is drawn
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
