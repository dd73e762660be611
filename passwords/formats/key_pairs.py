"""Key pairs: private keys as WireGuard, age and OpenSSH write them, and their public halves.

A public half is no secret, and can be computed from the private key at any time. PyNaCl is loaded
when it is needed: it takes longer than all else that the command to generate does.
"""

import base64
import struct
from collections.abc import Callable
from typing import Final

from passwords.formats import bech32

_AGE_PREFIX: Final = "age-secret-key-"

_SSH_TYPE: Final = b"ssh-ed25519"
_SSH_FIRST_LINE: Final = "-----BEGIN OPENSSH PRIVATE KEY-----"
_SSH_LAST_LINE: Final = "-----END OPENSSH PRIVATE KEY-----"
_SSH_MAGIC: Final = b"openssh-key-v1\0"
_SSH_COLUMNS: Final = 70
# The private part of the file is filled to a multiple of this, if it is not encrypted.
_SSH_BLOCK_BYTES: Final = 8
CHECK_BYTES: Final = 4


def age_identity(key: bytes) -> str:
    """Return an identity of age (age-encryption.org/v1, X25519) from its 32 random bytes."""
    return bech32.encode(_AGE_PREFIX, key).upper()


def ssh_private_key(seed: bytes, *, check: bytes) -> str:
    """Return the file of an unencrypted private key of OpenSSH (PROTOCOL.key), without a comment.

    It ends with a newline: OpenSSH refuses a file without it.

    Args:
        seed: the private key of Ed25519 (RFC 8032, section 5.1.5), 32 random bytes.
        check: 4 random bytes, which the file has twice.
    """
    from nacl.bindings import crypto_sign_seed_keypair  # noqa: PLC0415  # see above

    public, private = crypto_sign_seed_keypair(seed)
    no_comment = b""
    secret = b"".join(
        [check, check, _string(_SSH_TYPE), _string(public), _string(private), _string(no_comment)]
    )
    padding = bytes(range(1, -len(secret) % _SSH_BLOCK_BYTES + 1))
    content = b"".join(
        [
            _SSH_MAGIC,
            _string(b"none"),  # the cipher
            _string(b"none"),  # the key derivation
            _string(b""),
            struct.pack(">I", 1),  # the number of keys
            _string(_ssh_public_blob(public)),
            _string(secret + padding),
        ]
    )
    digits = base64.b64encode(content).decode()
    lines = [digits[at : at + _SSH_COLUMNS] for at in range(0, len(digits), _SSH_COLUMNS)]
    return "\n".join([_SSH_FIRST_LINE, *lines, _SSH_LAST_LINE, ""])


def public_half(encoding: str, secret: str) -> str | None:
    """Return the public half of a key pair's *secret*; ``None`` if the encoding has none."""
    compute = _PUBLIC_HALVES.get(encoding)
    return compute(secret) if compute else None


def _wireguard_public_key(secret: str) -> str:
    return base64.b64encode(_x25519(base64.b64decode(secret))).decode()


def _age_recipient(secret: str) -> str:
    return bech32.encode("age", _x25519(bech32.decode(secret)))


def _ssh_public_key(secret: str) -> str:
    """Return the line for a file such as ``authorized_keys``."""
    content = base64.b64decode("".join(secret.splitlines()[1:-1]))
    # After the cipher, the key derivation, its options, and the number of keys.
    start = len(_SSH_MAGIC) + 8 + 8 + 4 + 4
    (size,) = struct.unpack_from(">I", content, start)
    blob = content[start + 4 : start + 4 + size]
    return f"{_SSH_TYPE.decode()} {base64.b64encode(blob).decode()}"


_PUBLIC_HALVES: Final[dict[str, Callable[[str], str]]] = {
    "wireguard": _wireguard_public_key,
    "age": _age_recipient,
    "ssh-ed25519": _ssh_public_key,
}

ENCODINGS: Final = frozenset(_PUBLIC_HALVES)
"""The encodings of tokens that have a public half."""


def _x25519(private: bytes) -> bytes:
    """Return the public key of X25519 (RFC 7748, section 6.1)."""
    from nacl.bindings import crypto_scalarmult_base  # noqa: PLC0415  # see above

    return crypto_scalarmult_base(private)


def _ssh_public_blob(public: bytes) -> bytes:
    """Return a public key as in RFC 8709, section 4."""
    return _string(_SSH_TYPE) + _string(public)


def _string(content: bytes) -> bytes:
    """Return *content* after its length (RFC 4251, section 5)."""
    return struct.pack(">I", len(content)) + content
