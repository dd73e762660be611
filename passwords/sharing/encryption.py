"""The second encryption of a sealed text, with keys that are derived from RECENTS_KEYS.

A copy of the database and a link that leaked are then not enough to read a text. Each ciphertext
(XChaCha20-Poly1305) is bound to the identifier of its share.
"""

import hmac
from typing import Final

from django.conf import settings

from passwords.recents import KeyRing

_PURPOSE: Final = b"passwords.sharing.payload.1"


def encrypt(sealed: bytes, *, share_id: bytes) -> bytes:
    """Return a random nonce and the ciphertext of *sealed*, with the first key."""
    return _key_ring().encrypt_bytes(sealed, share_id)


def decrypt(payload: bytes, *, share_id: bytes) -> bytes | None:
    """Return the sealed text, or ``None`` if none of the keys decrypts it."""
    return _key_ring().decrypt_bytes(payload, share_id)


def reencrypt(payload: bytes, *, share_id: bytes) -> bytes | None:
    """Return *payload* with the first key, or ``None`` if it has that key or an unknown one."""
    return _key_ring().reencrypt_bytes(payload, share_id)


def _key_ring() -> KeyRing:
    """Return keys of their own: no item of the recents passes for a payload."""
    return KeyRing([hmac.digest(key, _PURPOSE, "sha256") for key in settings.RECENTS_KEYS])
