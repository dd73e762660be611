"""Entropy as the admin writes it."""

from __future__ import annotations

import math


def rounded_down(bits: float) -> str:
    """Return *bits* to two places, lest the admin claim more than there is."""
    return f"{math.floor(bits * 100) / 100:.2f}"
