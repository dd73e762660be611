"""Strings that hold at least so many characters of each class: what they are, how many."""

from dataclasses import dataclass

from passwords.domain.counting import Demand, count_strings


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedStrings:
    """All strings of *length* characters that honour the minimum of each class.

    Attributes:
        length: characters in a string.
        classes: disjoint sets of characters, each with its minimum of 1 or more.
        free: the characters that may appear but need not.
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
        """What counting needs to know of the classes."""
        return tuple(Demand(len(members), minimum) for members, minimum in self.classes)

    @property
    def count(self) -> int:
        """The exact number of these strings."""
        return count_strings(self.demands, free=len(self.free), length=self.length)
