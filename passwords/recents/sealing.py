"""Sealing of recent secrets with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, libsodium).

A sealed item is one frame::

    version (1 byte) | item id (16) | created, microseconds since 1970 (8) | nonce (24) | ciphertext

Version, owner, id and time are bound to the ciphertext as associated data, so that an item opens
only for its owner and only as what it was. The nonce is random: with 192 bits that is safe for
any number of items.
"""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Final

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from passwords.recents.items import RecentItem, from_microseconds, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from passwords.recents.items import Owner

KEY_BYTES: Final = 32
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">B16sQ")
NAME_BYTES: Final = 17
"""How many bytes at the start of a frame say which item it is: version and id."""
_NONCE_BYTES: Final = 24
_TAG_BYTES: Final = 16


class KeyRing:
    """Keys of 32 bytes: the first one seals, all of them open.

    To rotate, put a new key in front; drop the last one when no item sealed with it can be alive.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def seal(self, owner: Owner, item: RecentItem) -> bytes:
        """Return the frame of *item* for *owner*."""
        header = _HEADER.pack(
            _VERSION, bytes.fromhex(item.item_id), to_microseconds(item.created_at)
        )
        nonce = os.urandom(_NONCE_BYTES)
        content = json.dumps([item.kind, item.entropy_bits, item.value]).encode()
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(
            content, header + owner.key.encode(), nonce, self._keys[0]
        )
        return header + nonce + sealed

    def open(self, owner: Owner, frame: bytes, *, lifetime: timedelta) -> RecentItem | None:
        """Return the item in *frame*, or ``None`` when no key opens it for *owner*."""
        header, rest = frame[: _HEADER.size], frame[_HEADER.size :]
        content = _decrypt(
            self._keys, header + owner.key.encode(), rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        )
        if content is None:
            return None
        _version, item_id, created = _HEADER.unpack(header)
        kind, entropy_bits, value = json.loads(content)
        created_at = from_microseconds(created)
        return RecentItem(
            item_id=item_id.hex(),
            value=value,
            kind=kind,
            entropy_bits=entropy_bits,
            created_at=created_at,
            expires_at=created_at + lifetime,
        )

    def reseal(self, owner: Owner, frame: bytes) -> bytes | None:
        """Return *frame* sealed with the first key, or ``None``: it is, or no key opens it."""
        header, rest = frame[: _HEADER.size], frame[_HEADER.size :]
        bound = header + owner.key.encode()
        nonce, sealed = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        content = _decrypt(self._keys, bound, nonce, sealed)
        if content is None or _decrypt(self._keys[:1], bound, nonce, sealed):
            return None
        nonce = os.urandom(_NONCE_BYTES)
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(content, bound, nonce, self._keys[0])
        return header + nonce + sealed


def _decrypt(keys: Sequence[bytes], bound: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    if len(sealed) < _TAG_BYTES:  # cut short: libsodium's binding would raise
        return None
    for key in keys:
        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, bound, nonce, key)
        except CryptoError:
            continue
    return None
