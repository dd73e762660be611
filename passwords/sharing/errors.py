"""Why a link is not made or not opened. No error holds a key, a proof, a passphrase or a text."""


class ShareError(Exception):
    """The root of these errors."""


class NotAllowedError(ShareError):
    """``SHARES`` does not let this owner make links."""


class IdTakenError(ShareError):
    """There is, or was, a link with this identifier."""


class TooManyLinksError(ShareError):
    """The owner, or the whole app, has as many live links or bytes as it may."""


class GoneError(ShareError):
    """There is no live link: unknown, opened, expired, revoked and locked are the same."""


class WrongProofError(ShareError):
    """The key or the passphrase is wrong; the link is as it was, unless no attempt is left.

    Attributes:
        attempts_left: how many wrong proofs are still allowed; with 0, this one locked the link.
    """

    def __init__(self, attempts_left: int) -> None:
        super().__init__(attempts_left)
        self.attempts_left = attempts_left


class PassphraseNeededError(ShareError):
    """The link has a passphrase, and none was given; this counts as no attempt."""


class PassphraseTooLongError(ShareError):
    """The passphrase is longer than the server stretches; this counts as no attempt."""


class BusyError(ShareError):
    """This process is stretching another passphrase."""


class InvalidLinkError(ShareError):
    """The text holds no key of a link."""


class UnsealError(ShareError):
    """The sealed text has another format, or was sealed with another key."""


class NoAesError(ShareError):
    """The processor has no instructions for AES, without which libsodium offers no AES-256-GCM."""
