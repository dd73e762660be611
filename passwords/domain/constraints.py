"""Strings with a minimum number of characters of each class, and their exact number."""

from dataclasses import dataclass

from passwords.domain.counting import Demand, count_strings


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
