"""Bech32 (BIP 173): bytes as text with a prefix and a checksum, as age writes its keys."""

from typing import Final

_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BITS: Final = 5
_CHECKSUM_DIGITS: Final = 6
# The generator of the checksum, BIP 173, "Checksum".
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_STATE_BITS: Final = 25


def encode(prefix: str, content: bytes) -> str:
    """Return *content* in lowercase Bech32 after *prefix*; the last digit is filled with zeros."""
    digits = -(-8 * len(content) // _BITS)
    number = int.from_bytes(content, "big") << digits * _BITS - 8 * len(content)
    values = _values(number, digits)
    checksum = _polymod([*_expanded(prefix), *values, *[0] * _CHECKSUM_DIGITS]) ^ 1
    written = (*values, *_values(checksum, _CHECKSUM_DIGITS))
    return f"{prefix}1{''.join(_ALPHABET[value] for value in written)}"


def decode(text: str) -> bytes:
    """Return the content of *text*, which `encode` has written; upper case is allowed."""
    values = [_ALPHABET.index(digit) for digit in text.lower().rpartition("1")[2]]
    number = 0
    for value in values[:-_CHECKSUM_DIGITS]:
        number = number << _BITS | value
    bits = _BITS * (len(values) - _CHECKSUM_DIGITS)
    return (number >> bits % 8).to_bytes(bits // 8, "big")


def _values(number: int, digits: int) -> list[int]:
    """Return the value of each digit of *number*, the highest first."""
    mask = (1 << _BITS) - 1
    return [number >> _BITS * place & mask for place in reversed(range(digits))]


def _expanded(prefix: str) -> list[int]:
    codes = [ord(character) for character in prefix]
    return [*(code >> _BITS for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(values: list[int]) -> int:
    state = 1
    for value in values:
        top = state >> _STATE_BITS
        state = (state & (1 << _STATE_BITS) - 1) << _BITS ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                state ^= term
    return state
