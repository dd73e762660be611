"""One-time links: a secret sealed with a key that only the link has. docs/sharing.md explains them.

Browsers seal and open by themselves: `create`, `status` and `open_sealed`. For the API's
generator, the command and pages without JavaScript, `share_text` and `open_text` do it here.
"""

from passwords.sharing.creating import (
    MAX_CHARACTERS,
    MAX_SEALED_BYTES,
    SharedText,
    create,
    link_to,
    may_create,
    share_text,
)
from passwords.sharing.errors import (
    BusyError,
    GoneError,
    IdTakenError,
    InvalidLinkError,
    NoAesError,
    NotAllowedError,
    PassphraseNeededError,
    PassphraseTooLongError,
    ShareError,
    TooManyLinksError,
    UnsealError,
    WrongProofError,
)
from passwords.sharing.expiry import end_expired, last_day, old_receipts
from passwords.sharing.opening import (
    MAX_ATTEMPTS,
    LiveShare,
    OpenedShare,
    OpenedText,
    open_sealed,
    open_text,
    status,
)
from passwords.sharing.passphrases import draw_passphrase, passphrase_recipe
from passwords.sharing.protocol import LinkKey, has_aes
from passwords.sharing.receipts import (
    Receipt,
    all_receipts,
    find_receipt,
    list_receipts,
    receipt_of,
    revoke,
    revoke_as_operator,
)
from passwords.sharing.reencrypting import reencrypt
from passwords.sharing.stretching import MAX_PASSPHRASE_CHARACTERS
from passwords.sharing.terms import (
    DEFAULT_SECONDS,
    MAX_VIEWS,
    MIN_SECONDS,
    PASSPHRASE_KINDS,
    PassphraseKind,
    ShareOptions,
    ShareTerms,
    max_seconds,
)

__all__ = [
    "DEFAULT_SECONDS",
    "MAX_ATTEMPTS",
    "MAX_CHARACTERS",
    "MAX_PASSPHRASE_CHARACTERS",
    "MAX_SEALED_BYTES",
    "MAX_VIEWS",
    "MIN_SECONDS",
    "PASSPHRASE_KINDS",
    "BusyError",
    "GoneError",
    "IdTakenError",
    "InvalidLinkError",
    "LinkKey",
    "LiveShare",
    "NoAesError",
    "NotAllowedError",
    "OpenedShare",
    "OpenedText",
    "PassphraseKind",
    "PassphraseNeededError",
    "PassphraseTooLongError",
    "Receipt",
    "ShareError",
    "ShareOptions",
    "ShareTerms",
    "SharedText",
    "TooManyLinksError",
    "UnsealError",
    "WrongProofError",
    "all_receipts",
    "create",
    "draw_passphrase",
    "end_expired",
    "find_receipt",
    "has_aes",
    "last_day",
    "link_to",
    "list_receipts",
    "max_seconds",
    "may_create",
    "old_receipts",
    "open_sealed",
    "open_text",
    "passphrase_recipe",
    "receipt_of",
    "reencrypt",
    "revoke",
    "revoke_as_operator",
    "share_text",
    "status",
]
