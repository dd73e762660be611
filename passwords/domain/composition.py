"""Draw constrained strings by composition: the number of each class, the characters, the order."""

from bisect import bisect_right
from itertools import accumulate
from math import comb

from passwords.domain import randomness
from passwords.domain.bulk import NEWLINE, characters
from passwords.domain.counting import ConstrainedStrings, completions
from passwords.domain.randomness import RandomBytes

_Step = tuple[int, int]
"""The index of a class, and the number of positions for it and the later classes."""


class Composition:
    """Draws the number of characters of each class, then the characters, then their order.

    The probability of a number is proportional to the exact number of strings that have it, so
    every string is equally likely. The time is bounded, even if few of all strings are allowed.
    """

    def __init__(self, strings: ConstrainedStrings) -> None:
        self.width = strings.length
        self._classes = strings.classes
        self._free = strings.free
        self._completions = completions(
            strings.demands, free=len(strings.free), length=strings.length
        )

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one string."""
        return self._draw({}, random_bytes=random_bytes)

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Return *rows* lines."""
        weighed: dict[_Step, list[int]] = {}
        return b"".join(
            self._draw(weighed, random_bytes=random_bytes) + NEWLINE for _ in range(rows)
        )

    def _draw(self, weighed: dict[_Step, list[int]], *, random_bytes: RandomBytes) -> bytes:
        """Return one string; *weighed* caches the weights for further strings."""
        string = bytearray()
        for index, (members, minimum) in enumerate(self._classes):
            step = index, self.width - len(string)
            if step not in weighed:
                weighed[step] = list(accumulate(self._weights(*step)))
            target = randomness.below(weighed[step][-1], random_bytes=random_bytes)
            amount = minimum + bisect_right(weighed[step], target)
            string += characters(members, amount, random_bytes=random_bytes)
        if remaining := self.width - len(string):
            string += characters(self._free, remaining, random_bytes=random_bytes)
        randomness.shuffle(string, random_bytes=random_bytes)
        return bytes(string)

    def _weights(self, index: int, positions: int) -> list[int]:
        """Count the strings of *positions* characters by the number from the class at *index*.

        The first weight is for the class's minimum. The other characters of such a string are from
        the later classes and the free characters.
        """
        members, minimum = self._classes[index]
        later = self._classes[index + 1 :]
        later_classes = sum(1 << at for at in range(index + 1, len(self._classes)))
        most = positions - sum(least for _, least in later)
        return [
            comb(positions, amount)
            * len(members) ** amount
            * self._completions[later_classes][positions - amount]
            for amount in range(minimum, most + 1)
        ]
