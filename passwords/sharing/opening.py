"""Open links: as often as they have views, whatever happens at the same time."""

import hmac
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from passwords.models import Share, ShareState
from passwords.sharing import encryption, protocol
from passwords.sharing.errors import GoneError, NoAesError, PassphraseNeededError, WrongProofError
from passwords.sharing.stretching import unlock
from passwords.signals import share_opened, shares_ended

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 10
"""As many wrong proofs lock a link: of a million passphrases of six digits they try ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveShare:
    """What anybody with the identifier of a live link may see."""

    has_passphrase: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedShare:
    """A sealed text, and how often the link can be opened again."""

    sealed: bytes = field(repr=False)
    views_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedText:
    """A text, and how often the link can be opened again."""

    text: str = field(repr=False)
    views_left: int


def status(*, share_id: bytes) -> LiveShare:
    """Return what anybody with the identifier may see; GoneError if there is no live link."""
    share = _live(share_id).defer("payload").first()
    if share is None:
        raise GoneError
    return LiveShare(has_passphrase=share.has_passphrase, expires_at=share.expires_at)


@sensitive_variables("proof", "opened")
def open_sealed(*, share_id: bytes, proof: bytes) -> OpenedShare:
    """Use one view of a link; with the last one, the sealed text is deleted.

    Raises:
        GoneError: there is no live link with this identifier.
        WrongProofError: the proof is wrong; the tenth wrong one locks the link.
    """
    with transaction.atomic():
        share = _live(share_id).select_for_update().first()
        if share is None:
            raise GoneError
        if hmac.compare_digest(protocol.verifier_of(proof).hex(), share.verifier):
            opened = _use_view(share)
        else:
            opened = None
            _count_attempt(share)
    if opened:
        share_opened.send(sender=Share)
    if share.state != ShareState.LIVE:
        shares_ended.send(sender=Share, state=share.state, count=1)
    if opened is None:
        raise WrongProofError(MAX_ATTEMPTS - share.attempts)
    return opened


@sensitive_variables("key", "passphrase", "keys", "opened")
def open_text(*, key: protocol.LinkKey, passphrase: str | None) -> OpenedText:
    """Open a link on the server, which then sees the text, and use one view.

    The *passphrase* is ignored if the link has none.

    Raises:
        GoneError: there is no live link with this key.
        PassphraseNeededError: the link has a passphrase, and none was given.
        PassphraseTooLongError: the passphrase is longer than the server stretches.
        WrongProofError: the passphrase is wrong.
        BusyError: this process is stretching another passphrase.
        NoAesError: this processor cannot open; no view was used.
        UnsealError: the sender sealed the text in another way; the view is used.
    """
    found = status(share_id=key.share_id)
    if not protocol.has_aes():
        raise NoAesError
    if found.has_passphrase and not passphrase:
        raise PassphraseNeededError
    keys = unlock(key, passphrase if found.has_passphrase else None)
    opened = open_sealed(share_id=keys.share_id, proof=keys.proof)
    return OpenedText(text=protocol.unseal(keys, opened.sealed), views_left=opened.views_left)


def _live(share_id: bytes) -> QuerySet[Share]:
    return Share.objects.filter(
        link_id=share_id.hex(), state=ShareState.LIVE, expires_at__gt=timezone.now()
    )


def _count_attempt(share: Share) -> None:
    """Count a wrong proof of a locked row; the last one ends the link."""
    share.attempts += 1
    is_last = share.attempts >= MAX_ATTEMPTS
    ended = share.end(ShareState.LOCKED, timezone.now()) if is_last else ()
    share.save(update_fields=["attempts", *ended])


def _use_view(share: Share) -> OpenedShare:
    """Return the sealed text of a locked row, and count the view.

    Raises:
        GoneError: the keys in RECENTS_KEYS do not decrypt it; no view is used.
    """
    sealed = encryption.decrypt(bytes(share.payload or b""), share_id=bytes.fromhex(share.link_id))
    if sealed is None:
        logger.error("sharing: RECENTS_KEYS has not the key of link %s", share.receipt)
        raise GoneError
    now = timezone.now()
    share.views_left -= 1
    share.opened_at = now
    ended = share.end(ShareState.OPENED, now) if share.views_left == 0 else ()
    share.save(update_fields=["views_left", "opened_at", *ended])
    return OpenedShare(sealed=sealed, views_left=share.views_left)
