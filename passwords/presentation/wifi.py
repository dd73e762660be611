"""The QR code with which a phone joins a wireless network (the ``WIFI:`` format of ZXing)."""

import re
from typing import Final

from django.utils.translation import gettext

# IEEE 802.11-2020: 9.4.2.2 for the name, J.4.1 for the passphrase, or 256 bits in hexadecimal.
_MAX_NAME_BYTES: Final = 32
_PASSPHRASE: Final = re.compile(r"[ -~]{8,63}", re.ASCII)
_KEY: Final = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]+", re.ASCII)
_SPECIAL: Final = re.compile(r'([\\;,:"])')


class WifiError(ValueError):
    """The name or the secret cannot be that of a network; the message is for the visitor."""


def join_text(*, network: str, secret: str) -> str:
    """Return the text of the QR code for a network with WPA2 or WPA3.

    Phones know WPA3 by the same ``T:WPA``: iPhones refuse another value.

    Raises:
        WifiError: the network's name or the secret is not valid.
    """
    if not network.isprintable() or not 1 <= len(network.encode()) <= _MAX_NAME_BYTES:
        raise WifiError(gettext("The name of a network has 1 to 32 bytes."))
    if _KEY.fullmatch(secret):
        written = secret
    elif _PASSPHRASE.fullmatch(secret):
        written = _written(secret)
    else:
        raise WifiError(gettext("The password of a network has 8 to 63 ASCII characters."))
    return f"WIFI:T:WPA;S:{_written(network)};P:{written};;"


def _written(text: str) -> str:
    """Return *text* with escapes; in quotation marks if it could be read as hexadecimal."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return f'"{escaped}"' if _HEXADECIMAL.fullmatch(text) else escaped
