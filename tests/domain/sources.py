"""Sources of bytes for tests: random-looking and repeatable, or chosen one by one."""

import hashlib
from itertools import count


class RepeatableBytes:
    """Uniform bytes that are the same in every run, so that a statistical test cannot flake.

    SHAKE256 of a counter; *taken* is the number of bytes handed out.
    """

    def __init__(self, seed: str) -> None:
        self.taken = 0
        self._blocks = (f"{seed} {number}".encode() for number in count())

    def __call__(self, size: int) -> bytes:
        self.taken += size
        return hashlib.shake_256(next(self._blocks)).digest(size)


class ChosenBytes:
    """The given bytes and no others; to read more is an error, *left* are still there."""

    def __init__(self, chosen: bytes) -> None:
        self.left = chosen

    def __call__(self, size: int) -> bytes:
        if size > len(self.left):
            raise EOFError
        given, self.left = self.left[:size], self.left[size:]
        return given


def every_byte(size: int) -> bytes:
    """Return *size* bytes that count up from 0 to 255 and begin again."""
    return (bytes(range(256)) * (size // 256 + 1))[:size]
