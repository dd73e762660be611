"""Moments as exact numbers and as text."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Return the exact number of microseconds since 1970; a float would be inexact."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """Return the moment *microseconds* after 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def timestamp(moment: datetime) -> str:
    """Return a moment in UTC in the format of RFC 3339."""
    return moment.isoformat().replace("+00:00", "Z")
