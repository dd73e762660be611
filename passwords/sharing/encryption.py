"""The second encryption of a sealed text, with keys that are derived from RECENTS_KEYS.

A copy of the database and a link that leaked are then not enough to read a text. Each ciphertext
(XChaCha20-Poly1305) is bound to the identifier of its share.
"""

import hmac
import os
from typing import Final

from django.conf import settings
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

_PURPOSE: Final = b"passwords.sharing.payload.1"
# draft-irtf-cfrg-xchacha-03
_NONCE_BYTES: Final = 24


def encrypt(sealed: bytes, *, share_id: bytes) -> bytes:
    """Return a random nonce and the ciphertext of *sealed*, with the first key."""
    nonce = os.urandom(_NONCE_BYTES)
    key = _payload_key(settings.RECENTS_KEYS[0])
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, share_id, nonce, key)


def decrypt(payload: bytes, *, share_id: bytes) -> bytes | None:
    """Return the sealed text, or ``None`` if none of the keys decrypts it."""
    nonce, ciphertext = payload[:_NONCE_BYTES], payload[_NONCE_BYTES:]
    for key in map(_payload_key, settings.RECENTS_KEYS):
        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, share_id, nonce, key)
        except CryptoError:
            continue
    return None


def _payload_key(key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE, "sha256")
