"""Strings with a minimum number of characters of each class, and their exact number."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple


class Demand(NamedTuple):
    """A class of *size* characters; a string must have at least *minimum* of them, 1 or more."""

    size: int
    minimum: int


CountsByLength = list[int]


@lru_cache(maxsize=4)  # each half a megabyte for four classes
def completions(
    demands: tuple[Demand, ...], *, free: int, length: int
) -> tuple[CountsByLength, ...]:
    """Count the strings for every subset of the classes with a demand, for every length.

    Item ``[mask][n]`` is the number of strings of n characters, from *free* characters without a
    demand and from the classes whose bits are set in the mask, that satisfy the demands of these
    classes; n is 0 to *length*.

    Consider the last character of such a string. Either the other characters satisfy all demands,
    and the last one can be any. Or it completes the demand of its class: then minimum - 1 of the
    other positions have that class, and the rest is a string over the other classes. The two cases
    exclude each other, so (with C the binomial coefficient)

        f(S, n) = alphabet(S) f(S, n-1) + sum over i in S of
                  size_i**minimum_i C(n-1, minimum_i - 1) f(S without i, n - minimum_i)

    For four classes this takes at most 16 * 256 * 5 products.
    """
    completing = [_completing(demand, length) for demand in demands]
    tables: list[CountsByLength] = []
    for mask in range(1 << len(demands)):
        members = [index for index in range(len(demands)) if mask >> index & 1]
        alphabet = free + sum(demands[index].size for index in members)
        shortest = sum(demands[index].minimum for index in members)
        counts = [0] * (length + 1)
        if not members:
            counts[0] = 1
        for n in range(max(shortest, 1), length + 1):
            counts[n] = alphabet * counts[n - 1] + sum(
                completing[index][n] * tables[mask ^ 1 << index][n - demands[index].minimum]
                for index in members
            )
        tables.append(counts)
    return tuple(tables)


def _completing(demand: Demand, length: int) -> list[int]:
    """Count, for each n, the ways to complete the demand with the n-th of n characters.

    ``size**minimum * C(n-1, minimum-1)``, each computed from the one before it.
    """
    size, minimum = demand
    ways = [0] * (max(length, minimum) + 1)
    ways[minimum] = size**minimum
    for n in range(minimum + 1, length + 1):
        ways[n] = ways[n - 1] * (n - 1) // (n - minimum)
    return ways


@lru_cache(maxsize=256)
def count_strings(demands: tuple[Demand, ...], *, free: int, length: int) -> int:
    """Return the number of strings of *length* characters that satisfy all *demands*."""
    return completions(demands, free=free, length=length)[-1][length]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedStrings:
    """All strings of *length* characters that satisfy the minimum of each class.

    Attributes:
        length: characters in a string.
        classes: disjoint sets of characters, each with its minimum of 1 or more.
        free: the characters without a minimum.
    """

    length: int
    classes: tuple[tuple[bytes, int], ...]
    free: bytes

    @property
    def alphabet(self) -> bytes:
        """All characters that may appear."""
        return b"".join(members for members, _ in self.classes) + self.free

    @property
    def demands(self) -> tuple[Demand, ...]:
        """Size and minimum of each class."""
        return tuple(Demand(len(members), minimum) for members, minimum in self.classes)

    @property
    def count(self) -> int:
        """The exact number of these strings."""
        return count_strings(self.demands, free=len(self.free), length=self.length)
