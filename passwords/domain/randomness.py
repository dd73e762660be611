"""Exactly uniform choices from a source of random bytes; no state is kept between calls.

Nothing is buffered, so that a forked process can never repeat what its parent has drawn.
"""

from collections.abc import Callable, MutableSequence, Sequence
from typing import Any, TypeVar

RandomBytes = Callable[[int], bytes]
"""Takes a number of bytes, returns as many, each uniform and independent: os.urandom."""

Item = TypeVar("Item")


def below(limit: int, *, random_bytes: RandomBytes) -> int:
    """Return a whole number from 0 to *limit* - 1, each equally likely.

    Numbers at or above the largest multiple of *limit* are drawn again: folding them in
    would favour the small ones. Fewer than half of the draws are repeated, whatever *limit* is.

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
    """Return one of the *options*, each position equally likely.

    Raises:
        ValueError: there are no options.
    """
    return options[below(len(options), random_bytes=random_bytes)]


def shuffle(items: MutableSequence[Any], *, random_bytes: RandomBytes) -> None:
    """Put *items* in a random order in place, every order equally likely.

    Durstenfeld's form of the Fisher-Yates shuffle (Knuth, TAOCP vol. 2, 3rd ed., 3.4.2,
    algorithm P).
    """
    for last in range(len(items) - 1, 0, -1):
        other = below(last + 1, random_bytes=random_bytes)
        items[last], items[other] = items[other], items[last]
