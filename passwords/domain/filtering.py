"""Draw strings by filtering: draw from more strings, and keep those that are allowed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from passwords.domain.bulk import NEWLINE
from passwords.domain.randomness import RandomBytes

if TYPE_CHECKING:
    from passwords.domain.sampling import Sampler


class Filtered:
    """Draws strings with a uniform sampler until one is allowed, which is uniform too.

    Args:
        sampler: draws the strings; a good part of them must be allowed.
        allows: returns whether a string is allowed.
    """

    def __init__(self, sampler: "Sampler", allows: Callable[[bytes], bool]) -> None:
        self.width = sampler.width
        self._sampler = sampler
        self._allows = allows

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one string."""
        while not self._allows(string := self._sampler.draw(random_bytes=random_bytes)):
            pass
        return string

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Draw *rows* lines and return those that are allowed."""
        lines = self._sampler.draw_lines(rows, random_bytes=random_bytes).splitlines()
        return b"".join([line + NEWLINE for line in lines if self._allows(line)])
