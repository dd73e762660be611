"""The text of a QR code with which a phone joins a wireless network (the ``WIFI:`` of ZXing)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from passwords.domain import PassphraseRecipe, Recipe
from passwords.domain.randomness import RandomBytes
from passwords.formats import drawing
from passwords.formats.document import Document
from passwords.formats.errors import NetworkPasswordError

MAX_NAME_BYTES: Final = 32
"""IEEE 802.11-2020, 9.4.2.2."""
# IEEE 802.11-2020, J.4.1, or 256 bits in hexadecimal.
_MIN_LENGTH, _MAX_LENGTH, _KEY_LENGTH = 8, 63, 64
_PASSPHRASE: Final = rf"[ -~]{{{_MIN_LENGTH},{_MAX_LENGTH}}}"
_KEY: Final = rf"[0-9A-Fa-f]{{{_KEY_LENGTH}}}"
_HEXADECIMAL: Final = r"[0-9A-Fa-f]+"
_SPECIAL: Final = r'([\\;,:"])'


def check(recipe: Recipe, _options: Mapping[str, Any]) -> None:
    """Refuse recipes some of whose secrets cannot be passwords of networks.

    They are shorter or longer, or have words with accents.

    Raises:
        NetworkPasswordError: they are.
    """
    longest = drawing.longest(recipe)
    is_key = getattr(recipe, "encoding", "") == "hex" and longest == _KEY_LENGTH
    words = recipe.vocabulary if isinstance(recipe, PassphraseRecipe) else ()
    if not (is_key or _MIN_LENGTH <= longest <= _MAX_LENGTH) or not all(map(str.isascii, words)):
        raise NetworkPasswordError


def write(secret: str, options: Mapping[str, Any], _random_bytes: RandomBytes) -> Document:
    """Return the text; one `security` for WPA2 and WPA3, since iPhones know only ``WPA``.

    Raises:
        NetworkPasswordError: the secret cannot be the password of a network.
    """
    if re.fullmatch(_KEY, secret):
        password = secret
    elif re.fullmatch(_PASSPHRASE, secret):
        password = _escaped(secret)
    else:
        raise NetworkPasswordError
    hidden = "H:true;" if options["hidden"] else ""
    network = _escaped(options["network"])
    return Document(text=f"WIFI:T:{options['security']};S:{network};P:{password};{hidden};")


def _escaped(text: str) -> str:
    """Return *text* with escapes; in quotation marks if it could be read as hexadecimal."""
    escaped = re.sub(_SPECIAL, r"\\\1", text)
    return f'"{escaped}"' if re.fullmatch(_HEXADECIMAL, text) else escaped
