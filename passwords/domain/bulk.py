"""Uniform characters, and newline-terminated lines of them, at the speed of C loops.

Most of the time is spent in the operating system's generator and in `bytes.translate`. Python code
runs once for each column or, if lines are wide, once for each line, but not for each character.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from passwords.domain.randomness import RandomBytes

CHUNK_BYTES = 1 << 16
"""The approximate size of a chunk: calls are few, and it fits into the processor's cache."""

WIDE = 64
"""From this width on, copying line by line is faster than copying column by column."""

NEWLINE = b"\n"


@lru_cache(maxsize=64)
def _translation(alphabet: bytes) -> tuple[bytes, bytes]:
    """Return the table from bytes to characters, and the bytes to drop before using it.

    Each character has the same number of the 256 bytes, and the rest of the bytes are dropped. So
    the characters of the kept bytes are uniform, and more than half of all bytes are kept.
    """
    kept = 256 // len(alphabet) * len(alphabet)
    table = alphabet * (256 // len(alphabet)) + bytes(256 - kept)
    return table, bytes(range(kept, 256))


def characters(alphabet: bytes, count: int, *, random_bytes: RandomBytes) -> bytes:
    """Return *count* characters, independent and uniform over *alphabet*.

    The alphabet has 1 to 256 different characters; the count is 0 or more.
    """
    table, dropped = _translation(alphabet)
    kept = 256 - len(dropped)
    found = b""
    while (missing := count - len(found)) > 0:
        # At least two standard deviations more than expected: one call is nearly always enough.
        spare = 2 * math.isqrt(missing) if dropped else 0
        found += random_bytes(missing * 256 // kept + 1 + spare).translate(table, dropped)
    return found[:count]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShape:
    """Lines of *width* independent characters from *alphabet*, without the newline.

    The *exceptions* are columns, counted from 0, with their own alphabets.
    """

    alphabet: bytes
    width: int
    exceptions: tuple[tuple[int, bytes], ...] = ()

    @property
    def count(self) -> int:
        """The exact number of different lines of this shape."""
        sizes = [len(self.alphabet)] * (self.width - len(self.exceptions))
        return math.prod(sizes + [len(alphabet) for _, alphabet in self.exceptions])

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one line without its newline."""
        line = bytearray(characters(self.alphabet, self.width, random_bytes=random_bytes))
        for column, alphabet in self.exceptions:
            line[column : column + 1] = characters(alphabet, 1, random_bytes=random_bytes)
        return bytes(line)

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Return *rows* lines, uniform over all lines of this shape."""
        body = characters(self.alphabet, rows * self.width, random_bytes=random_bytes)
        lines = in_lines(body, width=self.width)
        for column, alphabet in self.exceptions:
            lines[column :: self.width + 1] = characters(alphabet, rows, random_bytes=random_bytes)
        return bytes(lines)


def in_lines(body: bytes, *, width: int) -> bytearray:
    """Return *body* as lines of *width* characters, each with a newline at its end.

    The characters of narrow lines are not in the order of the body: filling lines column by column
    is the fastest way, and any fixed arrangement of independent characters is equally random.
    """
    if width >= WIDE:
        rows = [body[start : start + width] for start in range(0, len(body), width)]
        return bytearray(NEWLINE).join([*rows, b""])
    count = len(body) // width
    lines = bytearray(NEWLINE) * (count * (width + 1))
    for column in range(width):
        lines[column :: width + 1] = body[column * count : (column + 1) * count]
    return lines


def chunks(
    draw: Callable[[int], bytes], count: int, *, width: int, threads: int = 1
) -> Iterator[bytes]:
    """Yield *count* lines of *width* characters in chunks of one or more whole lines.

    Args:
        draw: returns at most the requested number of lines; it is called until there are *count*.
        count: the number of lines, 0 or more.
        width: characters in a line, without the newline.
        threads: how many draw beside the caller's; with 1 only the caller's draws. `os.urandom` and
            writing release the interpreter's lock, so that some of the work overlaps.
    """
    most = max(1, CHUNK_BYTES // (width + 1))
    if threads > 1 and count > most:
        with ThreadPoolExecutor(threads) as pool:
            drawn = deque(pool.submit(draw, most) for _ in range(2 * threads))
            while count > most:
                drawn.append(pool.submit(draw, most))
                if lines := drawn.popleft().result():
                    count -= len(lines) // (width + 1)
                    yield lines
    while count > 0:
        if lines := draw(min(count, most)):
            count -= len(lines) // (width + 1)
            yield lines
