"""Make links: from a text that a browser has sealed, or from a text that is sealed here."""

import os
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from passwords import history
from passwords.models import Action, Channel, Share, ShareState
from passwords.recents import Owner
from passwords.sharing import encryption, protocol
from passwords.sharing.errors import IdTakenError, NotAllowedError, TooManyLinksError
from passwords.sharing.passphrases import draw_passphrase
from passwords.sharing.receipts import Receipt, owned, receipt_of, record
from passwords.sharing.stretching import unlock
from passwords.sharing.terms import PassphraseKind, ShareTerms
from passwords.signals import share_created

MAX_SEALED_BYTES: Final = 45_000
"""In base64 within JSON this fits into the largest request body, 64 KiB."""
MAX_CHARACTERS: Final = 10_000
"""Of a text: in UTF-8 at most 40,000 bytes."""
MAX_LINKS: Final = 100
"""The most live links of an owner."""
MAX_BYTES: Final = 4 * 1024 * 1024
"""The most bytes in an owner's live links."""
# Anybody can become a new owner by leaving out the cookie: these limit the disk that all use.
MAX_LINKS_IN_ALL: Final = 100_000
MAX_BYTES_IN_ALL: Final = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedText:
    """A new link, whose key is stored nowhere.

    Attributes:
        link: the address that opens it, with the key after ``#``.
        passphrase: to be sent by another way, or ``None``.
    """

    link: str = field(repr=False)
    passphrase: str | None = field(repr=False)
    receipt: Receipt


def may_create(owner: Owner | None) -> bool:
    """Return whether ``SHARES`` lets *owner* make links; ``None`` is the operator's command."""
    if settings.SHARES == "off":
        return False
    return settings.SHARES == "everyone" or owner is None or owner.user_id is not None


def require_may_create(owner: Owner | None) -> None:
    """Raise NotAllowedError unless ``SHARES`` lets *owner* make links."""
    if not may_create(owner):
        raise NotAllowedError


def link_to(key: protocol.LinkKey, *, origin: str) -> str:
    """Return the address that opens the share of *key* at *origin* (scheme, host and port)."""
    return f"{origin}{settings.URL_PREFIX}/s#{key.fragment}"


@sensitive_variables("text", "key", "keys", "passphrase", "sealed")
def share_text(
    *,
    text: str,
    terms: ShareTerms,
    passphrase_kind: PassphraseKind | None,
    owner: Owner | None,
    channel: Channel,
    origin: str,
    client_address: str | None = None,
) -> SharedText:
    """Seal *text*, which has at most `MAX_CHARACTERS`, with a new key, and store it.

    The *owner* is ``None`` for the command. The *origin* is the scheme, host and port of the link.
    The *client_address* is recorded only with ``HISTORY_STORE_IP``.

    Raises:
        NotAllowedError: ``SHARES`` does not let the owner make links.
        TooManyLinksError: the owner has too many live links.
        BusyError: this process is stretching another passphrase.
        NoAesError: this processor cannot seal.
    """
    require_may_create(owner)
    key = protocol.LinkKey.draw()
    passphrase = draw_passphrase(passphrase_kind) if passphrase_kind else None
    keys = unlock(key, passphrase)
    receipt = create(
        share_id=keys.share_id,
        verifier=keys.verifier,
        sealed=protocol.seal(keys, text),
        has_passphrase=keys.has_passphrase,
        terms=terms,
        owner=owner,
        channel=channel,
        client_address=client_address,
    )
    return SharedText(link=link_to(key, origin=origin), passphrase=passphrase, receipt=receipt)


def create(
    *,
    share_id: bytes,
    verifier: bytes,
    sealed: bytes,
    has_passphrase: bool,
    terms: ShareTerms,
    owner: Owner | None,
    channel: Channel,
    client_address: str | None = None,
) -> Receipt:
    """Store a sealed text; the caller has checked the lengths of the bytes.

    Raises:
        NotAllowedError: ``SHARES`` does not let the owner make links.
        IdTakenError: there is a link with this identifier.
        TooManyLinksError: the owner has too many live links.
    """
    require_may_create(owner)
    now = timezone.now()
    share = Share(
        receipt=os.urandom(16).hex(),
        link_id=share_id.hex(),
        verifier=verifier.hex(),
        has_passphrase=has_passphrase,
        views_left=terms.views,
        created_at=now,
        expires_at=now + terms.lifetime,
        user_id=owner.user_id if owner else None,
        user_name=owner.user_name if owner else "",
        owner_hash=history.owner_hash(owner),
        size=len(sealed),
        payload=encryption.encrypt(sealed, share_id=share_id),
    )
    try:
        with transaction.atomic():
            _require_room(owner, len(sealed))
            share.save(force_insert=True)
    except IntegrityError:
        raise IdTakenError from None
    share_created.send(sender=Share, channel=channel.value)
    record(Action.SHARE_CREATED, share, by=owner, channel=channel, client_address=client_address)
    return receipt_of(share)


def _require_room(owner: Owner | None, size: int) -> None:
    live = Share.objects.filter(state=ShareState.LIVE, expires_at__gt=timezone.now())
    if owner is not None:
        own = live.filter(owned(owner))
        # On PostgreSQL, concurrent requests of an owner wait here for each other.
        list(own.order_by("pk").select_for_update().values_list("pk"))
        _require_below(own, size, max_links=MAX_LINKS, max_bytes=MAX_BYTES)
    _require_below(live, size, max_links=MAX_LINKS_IN_ALL, max_bytes=MAX_BYTES_IN_ALL)


def _require_below(links: QuerySet[Share], size: int, *, max_links: int, max_bytes: int) -> None:
    found = links.aggregate(links=Count("pk"), bytes=Sum("size", default=0))
    if found["links"] >= max_links or found["bytes"] + size > max_bytes:
        raise TooManyLinksError
