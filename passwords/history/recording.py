"""Record a request in the history."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from passwords.history.writing import HistoryRow, writer

if TYPE_CHECKING:
    from uuid import UUID

    from passwords.domain import Recipe
    from passwords.recents import Owner

_OWNER_HASH_DIGITS: Final = 32


class AnyPolicy(Protocol):
    """What the history stores of a policy."""

    @property
    def pk(self) -> Any:
        """Return the primary key."""

    @property
    def slug(self) -> str:
        """Return the slug."""

    @property
    def version(self) -> int:
        """Return the version."""


def record(
    *,
    recipe: Recipe,
    owner: Owner | None,
    channel: str,
    count: int,
    policy: AnyPolicy | None = None,
    client_address: str | None = None,
    keep: bool = False,
    draft_id: UUID | None = None,
) -> bool:
    """Add a row to the history; return whether the database accepted it.

    Args:
        recipe: what was drawn.
        owner: the owner of the secrets, if known.
        channel: the channel: a value of ``models.Channel``.
        count: the number of secrets.
        policy: the policy that the recipe comes from.
        client_address: recorded only with ``HISTORY_STORE_IP``.
        keep: whether to keep a row that the database does not accept, and to write it later.
        draft_id: the id of the draft that was kept.

    Raises:
        DraftRecordedError: the history has a row of this draft.
    """
    return writer.write(
        HistoryRow(
            created_at=timezone.now(),
            user_id=owner.user_id if owner else None,
            user_name=owner.user_name if owner else "",
            owner_hash=owner_hash(owner),
            channel=str(channel),
            kind=recipe.kind,
            policy_id=policy.pk if policy else None,
            policy_slug=policy.slug if policy else "",
            policy_version=policy.version if policy else None,
            count=count,
            size=recipe.size,
            entropy_bits=recipe.entropy_bits,
            client_address=client_address if settings.HISTORY_STORE_IP else None,
            draft_id=draft_id,
        ),
        keep=keep,
    )


def owner_hash(owner: Owner | None) -> str:
    """Return a keyed hash of an anonymous owner: it groups requests and identifies nobody."""
    if owner is None or owner.user_id is not None:
        return ""
    return _hash(owner.key, settings.SECRET_KEY)


def owner_hashes(owner: Owner) -> list[str]:
    """Return the hashes of an anonymous owner with SECRET_KEY and with its fallbacks."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_hash(owner.key, key) for key in keys]


# The same people ask again and again.
@lru_cache(maxsize=1024)
def _hash(owner_key: str, secret: str) -> str:
    digest = salted_hmac("passwords.history.owner", owner_key, secret=secret, algorithm="sha256")
    return digest.hexdigest()[:_OWNER_HASH_DIGITS]
