"""Derive the keys of a link with a passphrase on the server, one at a time."""

import threading
from typing import Final

from passwords.sharing.errors import BusyError, PassphraseTooLongError
from passwords.sharing.protocol import LinkKey, ShareKeys

MAX_PASSPHRASE_CHARACTERS: Final = 1_000
"""The time of Unicode normalization grows with the square of the number of combining marks."""
# Stretching takes a few tenths of a second of a processor, which strangers may ask for.
_stretching: Final = threading.Lock()


def unlock(key: LinkKey, passphrase: str | None) -> ShareKeys:
    """Return the keys of the share.

    Raises:
        PassphraseTooLongError: it has more than `MAX_PASSPHRASE_CHARACTERS`.
        BusyError: this process is stretching another passphrase.
    """
    if passphrase is None:
        return key.unlock(None)
    if len(passphrase) > MAX_PASSPHRASE_CHARACTERS:
        raise PassphraseTooLongError
    if not _stretching.acquire(blocking=False):
        raise BusyError
    try:
        return key.unlock(passphrase)
    finally:
        _stretching.release()
