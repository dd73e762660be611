"""Encryption of recent secrets with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, libsodium).

The format of an encrypted item, called a frame::

    version (1 byte) | item id (16) | created, microseconds since 1970 (8) | nonce (24) | ciphertext

Version, id, time and the name of the owner's list are associated data of the ciphertext: an item
can be decrypted only in its owner's list, and only with its own id and time. The nonce has 192
random bits, which is safe for any number of items.
"""

import json
import os
import struct
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from passwords.moments import from_microseconds, to_microseconds
from passwords.recents.items import RecentItem

KEY_BYTES: Final = 32
_VERSION: Final = 2
_HEADER: Final = struct.Struct(">B16sQ")
ID_BYTES: Final = 17
"""The bytes at the start of a frame that identify the item: version and id."""
_NONCE_BYTES: Final = 24
_TAG_BYTES: Final = 16
# Three times as fast as `json.loads`, which looks for encodings and white space.
_parse_json: Final[Callable[[str], tuple[Any, int]]] = json.JSONDecoder().raw_decode


class KeyRing:
    """Keys of 32 bytes: the first one encrypts, all of them decrypt.

    To rotate keys, add a new key in front. Remove an old key when what was encrypted with it has
    expired or has been encrypted again.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def encrypt_bytes(self, content: bytes, associated: bytes) -> bytes:
        """Return nonce and ciphertext of *content*, bound to the *associated* data."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(
            content, associated, nonce, self._keys[0]
        )

    def decrypt_bytes(self, encrypted: bytes, associated: bytes) -> bytes | None:
        """Return the content of `encrypt_bytes`, or ``None`` if no key decrypts it."""
        return _decrypt(self._keys, encrypted, associated)

    def reencrypt_bytes(self, encrypted: bytes, associated: bytes) -> bytes | None:
        """Return *encrypted* with the first key, or ``None`` if it has that or an unknown key."""
        content = _decrypt(self._keys[1:], encrypted, associated)
        return None if content is None else self.encrypt_bytes(content, associated)

    def encrypt(self, list_name: str, item: RecentItem) -> bytes:
        """Return the frame of *item* for this list."""
        header = _HEADER.pack(
            _VERSION, bytes.fromhex(item.item_id), to_microseconds(item.created_at)
        )
        content = [
            *(item.kind, item.entropy_bits, item.value),
            *(item.name, item.encoding, item.format),
        ]
        while not content[-1]:  # earlier releases read an item without them, too
            content.pop()
        return header + self.encrypt_bytes(
            json.dumps(content).encode(), header + list_name.encode()
        )

    def decrypt(self, list_name: str, frame: bytes, *, lifetime: timedelta) -> RecentItem | None:
        """Return the item in *frame*, or ``None`` if no key decrypts it in this list."""
        content = self.decrypt_bytes(*_parts(list_name, frame))
        if content is None:
            return None
        _version, item_id, created = _HEADER.unpack_from(frame)
        (kind, entropy_bits, value, *others), _end = _parse_json(content.decode())
        # Earlier releases wrote fewer, later ones may write more.
        name, encoding, format_name = [*others, "", "", ""][:3]
        created_at = from_microseconds(created)
        return RecentItem(
            item_id=item_id.hex(),
            value=value,
            kind=kind,
            entropy_bits=entropy_bits,
            created_at=created_at,
            expires_at=created_at + lifetime,
            name=name,
            encoding=encoding,
            format=format_name,
        )

    def reencrypt(self, list_name: str, frame: bytes) -> bytes | None:
        """Return *frame* with the first key, or ``None`` if it has that key or an unknown one."""
        encrypted = self.reencrypt_bytes(*_parts(list_name, frame))
        return encrypted and frame[: _HEADER.size] + encrypted


def _parts(list_name: str, frame: bytes) -> tuple[bytes, bytes]:
    """Return the encrypted part of *frame*, and its associated data."""
    return frame[_HEADER.size :], frame[: _HEADER.size] + list_name.encode()


def _decrypt(keys: Sequence[bytes], encrypted: bytes, associated: bytes) -> bytes | None:
    if len(encrypted) < _NONCE_BYTES + _TAG_BYTES:  # too short: libsodium's binding would raise
        return None
    nonce, ciphertext = encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:]
    for key in keys:
        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, associated, nonce, key)
        except CryptoError:
            continue
    return None
