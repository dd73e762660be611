"""SHA-crypt: hashes of passwords by Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512" 0.6."""

import hashlib
from typing import Final, Literal

ALPHABET: Final = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The digits of the hash, in the order of their values; salts have the same characters."""
DEFAULT_ROUNDS: Final = 5_000
MIN_ROUNDS: Final = 1_000

_Algorithm = Literal["sha256", "sha512"]


def hash_password(
    password: bytes, salt: bytes, *, algorithm: _Algorithm, rounds: int = DEFAULT_ROUNDS
) -> str:
    """Return the last part of a hash: without its identifier, rounds and salt.

    The time grows with *rounds*, and with the square of the length of the password. The numbers in
    the comments are those of the steps in the specification.
    """
    new = getattr(hashlib, algorithm)
    block = new(password + salt + password).digest()  # 4 to 8
    mixed = new(password + salt + _repeated(block, len(password)))  # 1 to 3, 9 and 10
    bits = len(password)
    while bits:  # 11
        mixed.update(block if bits & 1 else password)
        bits >>= 1
    digest = mixed.digest()  # 12
    p = _repeated(new(password * len(password)).digest(), len(password))  # 13 to 16
    s = _repeated(new(salt * (16 + digest[0])).digest(), len(salt))  # 17 to 20
    for index in range(rounds):  # 21
        first, last = (p, digest) if index & 1 else (digest, p)
        middle = (s if index % 3 else b"") + (p if index % 7 else b"")
        digest = new(first + middle + last).digest()
    return _encoded(digest)


def _repeated(block: bytes, size: int) -> bytes:
    """Return *size* bytes of *block*, repeated."""
    return (block * (size // len(block) + 1))[:size]


def _encoded(digest: bytes) -> str:
    """Return *digest* in the specification's own base 64 and order of bytes (22)."""
    third = len(digest) // 3
    places = [0, third, 2 * third]
    # The next three places are these plus one, in another order for each of the two algorithms.
    turn = -1 if len(digest) == hashlib.sha256().digest_size else 1
    text = ""
    for _group in range(third):
        text += _digits(int.from_bytes(digest[place] for place in places), count=4)
        places = [place + 1 for place in (*places[turn:], *places[:turn])]
    rest = digest[3 * third :]
    return text + _digits(int.from_bytes(rest, "little"), count=len(rest) + 1)


def _digits(number: int, *, count: int) -> str:
    return "".join(ALPHABET[number >> shift & 63] for shift in range(0, 6 * count, 6))
