"""Strength in bits: from a number of secrets, and back to the shortest recipe that has it."""

import math
from abc import ABC, abstractmethod
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from passwords.domain.errors import NotNumberError, OutOfRangeError, UnreachableStrengthError

MIN_BITS = 1
MAX_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(ABC):
    """The base of recipes: the exact number of different secrets, all equally likely."""

    @property
    @abstractmethod
    def count(self) -> int:
        """The exact number of different secrets."""

    @property
    def is_identifier(self) -> bool:
        """Whether these are identifiers: they are unique, but everybody may see them."""
        return False

    @property
    def entropy_bits(self) -> float:
        """The entropy of a secret, in bits."""
        return entropy_bits(self.count)


CountedRecipe = TypeVar("CountedRecipe", bound=Counted)


def entropy_bits(count: int) -> float:
    """Return log2 of *count*: the entropy, in bits, of one of *count* equally likely secrets.

    math.log2 also handles integers beyond the range of floats, with double precision. A count just
    below a power of two does not get the whole bits of that power.
    """
    bits = math.log2(count)
    if bits.is_integer() and count < 1 << int(bits):
        return math.nextafter(bits, 0)
    return bits


def require_bits(bits: object) -> None:
    """Check that *bits* is an int or float, not a bool, from 1 to 2048.

    Raises:
        NotNumberError, OutOfRangeError: it is not; NaN is out of range.
    """
    if not isinstance(bits, int | float) or isinstance(bits, bool):
        raise NotNumberError("bits")
    if not MIN_BITS <= bits <= MAX_BITS:
        raise OutOfRangeError("bits", minimum=MIN_BITS, maximum=MAX_BITS)


def reaches(count: int, bits: float) -> bool:
    """Return whether *count* secrets have at least *bits* of entropy.

    Whole bits are compared as integers, which is exact.
    """
    if bits == int(bits):
        return count >= 1 << int(bits)
    return entropy_bits(count) >= bits


def shortest(strongest: CountedRecipe, bits: float, *, rule: str, smallest: int) -> CountedRecipe:
    """Return the shortest recipe like *strongest* with at least *bits* of entropy.

    Args:
        strongest: the recipe at its maximum size.
        bits: the required entropy, 1 to 2048.
        rule: the field for the size; the count must increase with it.
        smallest: the minimum size.

    Raises:
        RecipeError: *bits* is not valid, or *strongest* has fewer; then it names *rule*.
    """
    require_bits(bits)
    if not reaches(strongest.count, bits):
        raise UnreachableStrengthError(rule=rule, reachable_bits=strongest.entropy_bits)

    def resized(size: int) -> CountedRecipe:
        changes: dict[str, Any] = {rule: size}
        return replace(strongest, **changes)

    sizes = range(smallest, getattr(strongest, rule) + 1)
    found = bisect_left(sizes, x=True, key=lambda size: reaches(resized(size).count, bits))
    return resized(sizes[found])
