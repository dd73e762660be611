"""The ``otpauth:`` address that authenticator apps read as a QR code (Google's Key URI Format)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from passwords.domain import Recipe, TokenRecipe
from passwords.domain.randomness import RandomBytes
from passwords.formats.document import Document
from passwords.formats.errors import NotBase32Error


def check(recipe: Recipe, _options: Mapping[str, Any]) -> None:
    """Refuse all but random bytes in Base32: other text may look like it by chance.

    Raises:
        NotBase32Error: the recipe is another one.
    """
    if not (isinstance(recipe, TokenRecipe) and suits(recipe.encoding)):
        raise NotBase32Error


def suits(encoding: str) -> bool:
    """Return whether a token has this encoding."""
    return encoding == "base32"


def write(secret: str, options: Mapping[str, Any], _random_bytes: RandomBytes) -> Document:
    """Return the address of a key for codes of six digits each 30 seconds (RFC 6238).

    Raises:
        NotBase32Error: the secret is not bytes in Base32 without padding.
    """
    try:
        base64.b32decode(secret + "=" * (-len(secret) % 8))
    except binascii.Error:
        raise NotBase32Error from None
    issuer, account = (quote(options[name], safe="") for name in ("issuer", "account"))
    return Document(
        text=f"otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}"
        "&algorithm=SHA1&digits=6&period=30"
    )
