"""Derive the keys of a link with a passphrase on the server, one at a time."""

import threading
from typing import Final

from passwords.sharing.errors import BusyError
from passwords.sharing.protocol import LinkKey, ShareKeys

# Stretching takes a few tenths of a second of a processor, which strangers may ask for.
_stretching: Final = threading.Lock()


def unlock(key: LinkKey, passphrase: str | None) -> ShareKeys:
    """Return the keys of the share.

    Raises:
        BusyError: this process is stretching another passphrase.
    """
    if passphrase is None:
        return key.unlock(None)
    if not _stretching.acquire(blocking=False):
        raise BusyError
    try:
        return key.unlock(passphrase)
    finally:
        _stretching.release()
