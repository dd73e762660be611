"""Identifiers that begin with a time: they sort by it, and anybody can read it in them."""

from typing import Final

# Crockford's base 32, without I, L, O and U.
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_DIGITS: Final = 10


def uuid7(drawn: str, *, milliseconds: int) -> str:
    """Return a UUID version 7 (RFC 9562, section 5.7).

    Args:
        drawn: such a UUID with any time.
        milliseconds: since 1970, without leap seconds; 48 bits, enough until the year 10889.
    """
    digits = f"{milliseconds:012x}"
    return f"{digits[:8]}-{digits[8:]}{drawn[13:]}"


def ulid(drawn: str, *, milliseconds: int) -> str:
    """Return a ULID (github.com/ulid/spec): its first digit is at most 7.

    Args:
        drawn: a ULID with any time.
        milliseconds: as in `uuid7`.
    """
    time = "".join(
        _CROCKFORD[milliseconds >> 5 * place & 31] for place in reversed(range(_TIME_DIGITS))
    )
    return time + drawn[_TIME_DIGITS:]
