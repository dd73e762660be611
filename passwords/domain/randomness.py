"""Exactly uniform choices from a source of random bytes; no state is kept between calls.

No random bytes are buffered: a forked process could use them a second time.
"""

from collections.abc import Callable, MutableSequence, Sequence
from typing import Any, TypeVar

RandomBytes = Callable[[int], bytes]
"""Returns the given number of independent, uniform bytes, like os.urandom."""

Item = TypeVar("Item")


def below(limit: int, *, random_bytes: RandomBytes) -> int:
    """Return a whole number from 0 to *limit* - 1, each equally likely.

    Numbers at or above the largest multiple of *limit* are drawn again: with a modulo only, small
    results would be more likely. Fewer than half of the draws are repeated for any *limit*.

    Raises:
        ValueError: *limit* is below 1.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    size = ((limit - 1).bit_length() + 7) // 8
    ceiling = (1 << 8 * size) // limit * limit
    while True:
        number = int.from_bytes(random_bytes(size), "big")
        if number < ceiling:
            return number % limit


def choice(options: Sequence[Item], *, random_bytes: RandomBytes) -> Item:
    """Return one of the *options*, at least one, each position equally likely."""
    return options[below(len(options), random_bytes=random_bytes)]


def shuffle(items: MutableSequence[Any], *, random_bytes: RandomBytes) -> None:
    """Shuffle *items* in place, every order equally likely.

    Durstenfeld's form of the Fisher-Yates shuffle (Knuth, TAOCP vol. 2, 3rd ed., 3.4.2,
    algorithm P).
    """
    for last in range(len(items) - 1, 0, -1):
        other = below(last + 1, random_bytes=random_bytes)
        items[last], items[other] = items[other], items[last]
