"""Rate limits as text, such as ``60/minute``."""

import re
from dataclasses import dataclass
from typing import Final

_PERIODS: Final = {"second": 1, "minute": 60, "hour": 3600}
_RATE: Final = re.compile(r"(\d{1,6})/(second|minute|hour)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most *count* requests in each window of *seconds*."""

    count: int
    seconds: int


def parse_rate(value: str) -> Rate | None:
    """Parse a rate such as ``60/minute``; ``off`` means no limit."""
    if value == "off":
        return None
    found = _RATE.fullmatch(value)
    if not found or not int(found[1]):
        raise ValueError(value)
    return Rate(count=int(found[1]), seconds=_PERIODS[found[2]])
