"""The format "share 1": what a link, its keys and a sealed text are. docs/sharing.md describes it.

The key of a link is 32 random bytes. HKDF-SHA-256 (RFC 5869) derives everything else from it. With
a passphrase, PBKDF2 (RFC 8018) stretches the passphrase first, with a salt that comes from the key:
so neither the link nor an answer of the server allows a test of passphrases without the server.
"""

import base64
import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Self

from nacl.bindings import (
    crypto_aead_aes256gcm_decrypt,
    crypto_aead_aes256gcm_encrypt,
)
from nacl.exceptions import CryptoError, UnavailableError

from passwords.sharing.errors import InvalidLinkError, NoAesError, UnsealError

ID_BYTES: Final = 16
KEY_BYTES: Final = 32
PROOF_BYTES: Final = 32
VERIFIER_BYTES: Final = 32
ITERATIONS: Final = 600_000
"""Of PBKDF2-HMAC-SHA256: the OWASP Password Storage Cheat Sheet, 2023."""
PADDED_BYTES: Final = 256
"""A text is padded to a multiple of this, which hides its exact length."""
# Header, nonce and tag (NIST SP 800-38D: 96 and 128 bits) around the padded text.
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_HEADER_BYTES: Final = 2
OVERHEAD_BYTES: Final = _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES

_CONTEXT: Final = b"giropops/share/1/"
_VERSION: Final = 1
_WITH_PASSPHRASE: Final = 1
"""The only flag of the header's second byte that this version knows."""
_NO_SALT: Final = bytes(32)
_PADDING_MARK: Final = b"\x80"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareKeys:
    """What seals and opens one share.

    Attributes:
        proof: the server gives the sealed text to whoever sends this proof of the key.
    """

    share_id: bytes
    has_passphrase: bool
    encryption_key: bytes = field(repr=False)
    proof: bytes = field(repr=False)

    @property
    def verifier(self) -> bytes:
        """What the server stores to check a proof."""
        return verifier_of(self.proof)


@dataclass(frozen=True, slots=True)
class LinkKey:
    """The key in the fragment of a link."""

    value: bytes = field(repr=False)

    @classmethod
    def draw(cls) -> Self:
        """Return a new random key."""
        return cls(os.urandom(KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key in a link, or in the part of a link after ``#``.

        Raises:
            InvalidLinkError: there is none.
        """
        try:
            value = decode(text.strip().rpartition("#")[2])
        except ValueError:
            raise InvalidLinkError from None
        if len(value) != KEY_BYTES:
            raise InvalidLinkError
        return cls(value)

    @property
    def fragment(self) -> str:
        """The key in base64url without padding: 43 characters."""
        return encode(self.value)

    @property
    def share_id(self) -> bytes:
        """The identifier under which the server stores the sealed text."""
        return _derive(self.value, "id", ID_BYTES)

    def unlock(self, passphrase: str | None) -> ShareKeys:
        """Return the keys of the share; with a passphrase, this takes a few tenths of a second."""
        main_key = self.value
        if passphrase is not None:
            main_key = _derive(main_key + self._stretch(passphrase), "locked", KEY_BYTES)
        return ShareKeys(
            share_id=self.share_id,
            has_passphrase=passphrase is not None,
            encryption_key=_derive(main_key, "enc", KEY_BYTES),
            proof=_derive(main_key, "read", PROOF_BYTES),
        )

    def _stretch(self, passphrase: str) -> bytes:
        # A lone surrogate is no text in UTF-8: it makes a passphrase that nobody else can type.
        typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
        salt = _derive(self.value, "salt", 16)
        return hashlib.pbkdf2_hmac("sha256", typed, salt, ITERATIONS)


def verifier_of(proof: bytes) -> bytes:
    """Return the SHA-256 of *proof*."""
    return hashlib.sha256(proof).digest()


def seal(keys: ShareKeys, text: str) -> bytes:
    """Return *text*, padded and encrypted.

    Raises:
        NoAesError: this processor cannot.
    """
    return _seal(keys, pad(text.encode()), os.urandom(_NONCE_BYTES))


def unseal(keys: ShareKeys, sealed: bytes) -> str:
    """Return the text in *sealed*.

    Raises:
        UnsealError: it has another format, or was sealed with another key.
        NoAesError: this processor cannot.
    """
    if not has_format(sealed, has_passphrase=keys.has_passphrase):
        raise UnsealError
    header = sealed[:_HEADER_BYTES]
    nonce = sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
    ciphertext = sealed[_HEADER_BYTES + _NONCE_BYTES :]
    bound = _CONTEXT + keys.share_id + header
    try:
        padded = crypto_aead_aes256gcm_decrypt(ciphertext, bound, nonce, keys.encryption_key)
    except UnavailableError:
        raise NoAesError from None
    except CryptoError:
        raise UnsealError from None
    return _unpad(padded)


def has_format(sealed: bytes, *, has_passphrase: bool) -> bool:
    """Return whether *sealed* looks like a padded text of this version; needs no key."""
    padded_bytes = len(sealed) - OVERHEAD_BYTES
    return (
        sealed[:_HEADER_BYTES] == _header(has_passphrase=has_passphrase)
        and padded_bytes > 0
        and padded_bytes % PADDED_BYTES == 0
    )


def pad(content: bytes) -> bytes:
    """Append 0x80 and zeros up to the next multiple of 256 bytes (ISO/IEC 7816-4)."""
    marked = content + _PADDING_MARK
    return marked + bytes(-len(marked) % PADDED_BYTES)


@cache
def has_aes() -> bool:
    """Return whether this processor can seal and open: AES-NI, or the ARM Crypto extensions."""
    try:
        crypto_aead_aes256gcm_encrypt(b"", None, bytes(_NONCE_BYTES), bytes(KEY_BYTES))
    except UnavailableError:
        return False
    return True


def encode(value: bytes) -> str:
    """Return base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding.

    Raises:
        ValueError: it is no such text, or another text is the usual one for these bytes.
    """
    value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(value) != text:  # Python's decoder skips characters that do not belong there
        raise ValueError(len(text))
    return value


def _seal(keys: ShareKeys, padded: bytes, nonce: bytes) -> bytes:
    header = _header(has_passphrase=keys.has_passphrase)
    bound = _CONTEXT + keys.share_id + header
    try:
        ciphertext = crypto_aead_aes256gcm_encrypt(padded, bound, nonce, keys.encryption_key)
    except UnavailableError:
        raise NoAesError from None
    return header + nonce + ciphertext


def _header(*, has_passphrase: bool) -> bytes:
    return bytes([_VERSION, _WITH_PASSPHRASE if has_passphrase else 0])


def _unpad(padded: bytes) -> str:
    content, mark, zeros = padded.rpartition(_PADDING_MARK)
    if not mark or zeros.strip(b"\0") or len(zeros) >= PADDED_BYTES:
        raise UnsealError
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise UnsealError from None


def _derive(key: bytes, label: str, length: int) -> bytes:
    """Return HKDF-SHA-256 with an empty salt; one block of the output is enough."""
    extracted = hmac.digest(_NO_SALT, key, "sha256")
    return hmac.digest(extracted, _CONTEXT + label.encode() + b"\x01", "sha256")[:length]
