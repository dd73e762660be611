"""The form in which secrets of one width are drawn, one by one or as lines in bulk."""

from typing import Protocol

from passwords.domain.bulk import LineShape
from passwords.domain.composition import Composition
from passwords.domain.constraints import ConstrainedStrings
from passwords.domain.randomness import RandomBytes
from passwords.domain.rejection import Rejection

MAX_EXPECTED_TRIES = 16
"""Up to so many tries on average, rejection is the faster way, for one string and for many."""


class Sampler(Protocol):
    """Draws ASCII strings of *width* characters, uniformly over all that it stands for."""

    @property
    def width(self) -> int:
        """Characters in a string."""
        ...

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one string."""
        ...

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Return at most *rows* newline-terminated strings, and some sooner or later."""
        ...


def sampler_of(strings: ConstrainedStrings) -> Sampler:
    """Return the fastest of the exact ways to draw from *strings*."""
    if not strings.classes:
        return LineShape(alphabet=strings.free, width=strings.length)
    if strings.count * MAX_EXPECTED_TRIES >= len(strings.alphabet) ** strings.length:
        return Rejection(strings)
    return Composition(strings)
