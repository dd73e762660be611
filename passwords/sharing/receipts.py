"""What the sender and the operator see of links, and how they revoke them. Never a secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from passwords import audit, history
from passwords.models import Action, Channel, Share, ShareState
from passwords.recents import Owner
from passwords.signals import shares_ended

MAX_LISTED: Final = 1000
"""The most receipts in an owner's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A link as its sender sees it, also when the link is gone.

    Attributes:
        receipt: 32 hexadecimal digits: the address of the link for its sender.
        state: an expired link is ``expired`` at once, also before it is deleted.
        opened_at: the last opening.
        views_left: 0 when the link is not live.
        attempts: the number of wrong proofs.
        owner_name: the user's name, the start of the anonymous owner's hash, or empty for a link
            of the command.
    """

    receipt: str
    state: ShareState
    has_passphrase: bool
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    views_left: int
    attempts: int
    owner_name: str


def list_receipts(owner: Owner) -> list[Receipt]:
    """Return the owner's links, newest first, at most `MAX_LISTED`."""
    return [receipt_of(share) for share in _owned_by(owner).defer("payload")[:MAX_LISTED]]


def find_receipt(*, owner: Owner, receipt: str) -> Receipt | None:
    """Return the owner's link with this receipt, if there is one."""
    share = _with_receipt(_owned_by(owner), receipt).first()
    return receipt_of(share) if share else None


def all_receipts() -> Iterator[Receipt]:
    """Yield the links of all owners, newest first: for an operator."""
    return map(receipt_of, Share.objects.defer("payload").iterator())


def revoke(*, owner: Owner, receipt: str, channel: Channel) -> bool:
    """End the owner's link at once; return whether the owner has a link with this receipt.

    A link that has ended stays as it is.
    """
    return _revoke(_with_receipt(_owned_by(owner), receipt), by=owner, channel=channel)


def revoke_as_operator(*, operator: Owner | None, receipt: str, channel: Channel) -> bool:
    """End a link of any owner at once; return whether there is a link with this receipt.

    The *operator* is the signed-in member of the staff, or ``None`` for a command.
    """
    return _revoke(_with_receipt(Share.objects.all(), receipt), by=operator, channel=channel)


def receipt_of(share: Share) -> Receipt:
    """Return what the sender may see of *share*."""
    state = ShareState(share.state)
    if state == ShareState.LIVE and share.expires_at <= timezone.now():
        state = ShareState.EXPIRED
    return Receipt(
        receipt=share.receipt,
        state=state,
        has_passphrase=share.has_passphrase,
        created_at=share.created_at,
        expires_at=share.expires_at,
        opened_at=share.opened_at,
        views_left=share.views_left if state == ShareState.LIVE else 0,
        attempts=share.attempts,
        owner_name=share.user_name or share.owner_hash[:8],
    )


def owned(owner: Owner) -> Q:
    """Return the condition for the owner's links; it never holds for links without an owner."""
    if owner.user_id is not None:
        return Q(user_id=owner.user_id)
    return Q(owner_hash__in=history.owner_hashes(owner))


def _owned_by(owner: Owner) -> QuerySet[Share]:
    return Share.objects.filter(owned(owner))


def _with_receipt(links: QuerySet[Share], receipt: str) -> QuerySet[Share]:
    # PostgreSQL refuses queries with NUL.
    return links.defer("payload").filter(receipt=receipt if receipt.isprintable() else "")


def _revoke(links: QuerySet[Share], *, by: Owner | None, channel: Channel) -> bool:
    now = timezone.now()
    with transaction.atomic():
        share = links.select_for_update().first()
        if share is None:
            return False
        was_live = share.state == ShareState.LIVE and share.expires_at > now
        if was_live:
            share.save(update_fields=share.end(ShareState.REVOKED, now))
    if was_live:
        shares_ended.send(sender=Share, state=ShareState.REVOKED.value, count=1)
        record(Action.SHARE_REVOKED, share, by=by, channel=channel)
    return True


def record(
    action: Action,
    share: Share,
    *,
    by: Owner | None,
    channel: Channel,
    client_address: str | None = None,
) -> None:
    """Add a row about *share* to the audit."""
    anonymous = history.owner_hash(by)
    audit.record(
        action,
        user_id=by.user_id if by else None,
        user_name=by.user_name if by else "",
        channel=channel,
        target=share.receipt,
        details={"owner": anonymous} if anonymous else None,
        client_address=client_address,
    )
