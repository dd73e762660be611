"""Strength in bits: from a number of secrets, and back to the shortest recipe that has it."""

import math
from bisect import bisect_left
from dataclasses import Field, replace
from typing import Any, ClassVar, Protocol, TypeVar

from passwords.domain.errors import NotNumberError, OutOfRangeError, UnreachableStrengthError

MIN_BITS = 1
MAX_BITS = 2048


class Counted(Protocol):
    """A recipe, which is a dataclass, that knows the exact number of its secrets."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def count(self) -> int:
        """The exact number of different secrets."""
        ...


CountedRecipe = TypeVar("CountedRecipe", bound=Counted)


def entropy_bits(count: int) -> float:
    """Return log2 of *count*, the entropy of one of so many equally likely secrets, in bits.

    math.log2 scales an int beyond the range of floats by its bit length, so the result is
    right to double precision whatever the size.
    """
    return math.log2(count)


def require_bits(bits: object) -> None:
    """Refuse all but a number from 1 to 2048.

    Raises:
        NotNumberError: it is no int and no float; bool is an int to Python, not here.
        OutOfRangeError: it is outside the range, or not a number at all (NaN).
    """
    if not isinstance(bits, int | float) or isinstance(bits, bool):
        raise NotNumberError("bits")
    if not MIN_BITS <= bits <= MAX_BITS:
        raise OutOfRangeError("bits", minimum=MIN_BITS, maximum=MAX_BITS)


def reaches(count: int, bits: float) -> bool:
    """Tell whether *count* secrets have at least *bits* of entropy.

    Whole bits are compared with integers: log2(2**64 - 1) rounds to 64.0, and is not 64.
    """
    if bits == int(bits):
        return count >= 1 << int(bits)
    return entropy_bits(count) >= bits


def shortest(strongest: CountedRecipe, bits: float, *, rule: str, smallest: int) -> CountedRecipe:
    """Return the recipe like *strongest*, but as short as reaching *bits* allows.

    Args:
        strongest: the recipe at its greatest size.
        bits: the wished strength, from 1 to 2048.
        rule: the field that holds the size; the count must grow with it.
        smallest: the least size to consider.

    Raises:
        NotNumberError, OutOfRangeError: see `require_bits`.
        UnreachableStrengthError: not even *strongest* reaches it; names *rule*.
    """
    require_bits(bits)
    if not reaches(strongest.count, bits):
        raise UnreachableStrengthError(rule=rule, reachable_bits=entropy_bits(strongest.count))

    def resized(size: int) -> CountedRecipe:
        changes: dict[str, Any] = {rule: size}
        return replace(strongest, **changes)

    sizes = range(smallest, getattr(strongest, rule) + 1)
    found = bisect_left(sizes, x=True, key=lambda size: reaches(resized(size).count, bits))
    return resized(sizes[found])
