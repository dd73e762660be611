"""Rates such as ``60/minute``: how the environment writes a rate limit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PERIODS: Final = {"second": 1, "minute": 60, "hour": 3600}
_RATE: Final = re.compile(r"(\d{1,6})/(second|minute|hour)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most *count* requests in *seconds*, counted in windows of that length."""

    count: int
    seconds: int


def parse_rate(value: str) -> Rate | None:
    """Parse ``60/minute`` and the like; ``off`` is no limit."""
    if value == "off":
        return None
    found = _RATE.fullmatch(value)
    if not found or not int(found[1]):
        raise ValueError(value)
    return Rate(count=int(found[1]), seconds=_PERIODS[found[2]])
