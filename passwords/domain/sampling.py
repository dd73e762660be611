"""Samplers: draw secrets of one width, one by one or as many lines."""

from typing import Protocol

from passwords.domain.bulk import LineShape
from passwords.domain.composition import Composition
from passwords.domain.counting import ConstrainedStrings
from passwords.domain.filtering import Filtered
from passwords.domain.randomness import RandomBytes
from passwords.domain.rejection import MAX_CLASSES, Rejection
from passwords.domain.sets import RuledStrings

MAX_EXPECTED_TRIES = 16
"""Up to this average number of tries, rejection is faster than composition."""


class Sampler(Protocol):
    """Draws ASCII strings of *width* characters, exactly uniformly."""

    @property
    def width(self) -> int:
        """Characters in a string."""

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one string."""

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Return at most *rows* newline-terminated strings, and some sooner or later."""


def sampler_of(strings: RuledStrings) -> Sampler:
    """Return the fastest of the exact ways to draw from *strings*."""
    sampler = _base_sampler(strings.base)
    return sampler if strings.is_base else Filtered(sampler, strings.allows)


def _base_sampler(strings: ConstrainedStrings) -> Sampler:
    if not strings.classes:
        return LineShape(alphabet=strings.free, width=strings.length)
    everything = len(strings.alphabet) ** strings.length
    is_frequent = strings.count * MAX_EXPECTED_TRIES >= everything
    if is_frequent and len(strings.classes) <= MAX_CLASSES:
        return Rejection(strings)
    return Composition(strings)
