"""Strings over any sets of characters with minimums, and with limited runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from passwords.domain.counting import ConstrainedStrings
from passwords.domain.runs import (
    NO_LIMITS,
    Limits,
    SetMinimum,
    count_ruled,
    forbidden_words,
    matrix_size,
)

MAX_COUNTS: Final = 16_384
"""The most numbers to compute for one count: less than 0.2 seconds of work, and 4 MB."""

MAX_MATRIX: Final = 700_000
"""The largest number of steps for one count: less than a second of work."""

MIN_ACCEPTANCE: Final = 128
"""At least one of this many strings that are drawn must be allowed."""


def max_sets(length: int) -> int:
    """Return the most different sets with a minimum: the numbers to compute double with each."""
    return (MAX_COUNTS // length).bit_length() - 1


@dataclass(frozen=True, kw_only=True)
class RuledStrings:
    """All strings that have enough characters of each set, and no run beyond the limits.

    Sets may overlap: a character counts for each set that it is in.

    Attributes:
        length: characters in a string.
        alphabet: the characters that may appear, each once.
        sets: different sets of these characters, each with its minimum of 1 or more.
        limits: of runs.
    """

    length: int
    alphabet: bytes
    sets: tuple[SetMinimum, ...] = ()
    limits: Limits = NO_LIMITS

    @cached_property
    def base(self) -> ConstrainedStrings:
        """The strings with enough of each set that overlaps no other, and with any runs."""
        disjoint = tuple(item for item in self.sets if item not in self.overlapping)
        demanded = b"".join(members for members, _minimum in disjoint)
        free = bytes(member for member in self.alphabet if member not in demanded)
        return ConstrainedStrings(length=self.length, classes=disjoint, free=free)

    @cached_property
    def overlapping(self) -> tuple[SetMinimum, ...]:
        """The sets that share characters with another set."""
        return tuple(
            (members, minimum)
            for members, minimum in self.sets
            if any(set(members) & set(other) for other, _ in self.sets if other != members)
        )

    @property
    def is_base(self) -> bool:
        """Whether the base has no other strings."""
        return not (self.overlapping or any(self.limits))

    @property
    def is_countable(self) -> bool:
        """Whether the count takes a bounded time."""
        size = matrix_size(self.alphabet, self.sets, self.limits, self.length)
        return self.is_base or size <= MAX_MATRIX

    @property
    def is_drawable(self) -> bool:
        """Whether enough strings of the base are allowed, so that drawing is fast.

        The exact count is only computed if a bound for it is not enough: at most as many strings
        have a forbidden word as there are places for one, times the ways to fill the rest.
        """
        if self.is_base:
            return True
        everything = self.base.count
        if not self.overlapping:
            refused = sum(
                (self.length - len(word) + 1) * len(self.alphabet) ** (self.length - len(word))
                for word in self.forbidden
            )
            if (everything - refused) * MIN_ACCEPTANCE >= everything:
                return True
        return self.count * MIN_ACCEPTANCE >= everything

    @property
    def count(self) -> int:
        """The exact number of these strings."""
        if self.is_base:
            return self.base.count
        return count_ruled(self.alphabet, self.sets, self.limits, length=self.length)

    @cached_property
    def forbidden(self) -> tuple[bytes, ...]:
        """The words that no string may contain."""
        return forbidden_words(self.alphabet, self.limits)

    def allows(self, string: bytes) -> bool:
        """Return whether *string*, one of the base, is one of these strings."""
        return all(
            len(string) - len(string.translate(None, members)) >= minimum
            for members, minimum in self.overlapping
        ) and not any(word in string for word in self.forbidden)


def ruled_strings(
    *, length: int, alphabet: bytes, sets: Iterable[SetMinimum], limits: Limits = NO_LIMITS
) -> RuledStrings:
    """Return the strings over *alphabet*; the minimums of equal sets are added.

    A set with a minimum of 0 is left out. The members of each set must be in the alphabet.
    """
    minimums: dict[frozenset[int], tuple[bytes, int]] = {}
    for members, minimum in sets:
        if minimum:
            first, earlier = minimums.get(frozenset(members), (members, 0))
            minimums[frozenset(members)] = first, earlier + minimum
    return RuledStrings(
        length=length,
        alphabet=alphabet,
        sets=tuple(minimums.values()),
        limits=limits.for_length(length),
    )
