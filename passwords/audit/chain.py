"""The chain: what the digest of a seal covers, how seals are signed, where the chain ends.

The digests are plain SHA-256, which anybody can compute who can write into the database. So each
seal is signed with a key that is not in the database: ``SECRET_KEY``.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac

from passwords.audit.journals import microseconds
from passwords.models import Anchor, Journal, Seal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

GENESIS: Final = "0" * 64
"""The digest before the first seal."""

_SALT: Final = "passwords.audit"
# A number of our own among PostgreSQL's advisory locks.
_LOCK: Final = 0x67697365616C


@dataclass(frozen=True, slots=True)
class Head:
    """An end of the chain: the last sequence, its digest, the last key of each journal."""

    sequence: int
    digest: str
    last_pks: dict[str, int]


def digest_of(seal: Seal, previous: str) -> str:
    """Return what the digest of *seal* must be after the *previous* one."""
    content = [
        *(previous, seal.sequence, seal.journal, seal.after_pk, seal.last_pk),
        *(microseconds(seal.sealed_at), hashlib.sha256(bytes(seal.leaves)).hexdigest()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def sign_seal(seal: Seal) -> str:
    """Return the signature of a seal with a digest."""
    return _hmac(f"seal:{seal.digest}", settings.SECRET_KEY)


def sign_anchor(anchor: Anchor) -> str:
    """Return the signature of an anchor."""
    return _hmac(_anchor_text(anchor), settings.SECRET_KEY)


def is_signed(row: Seal | Anchor) -> bool:
    """Whether a seal or an anchor is signed with ``SECRET_KEY`` or one of its fallbacks."""
    text = f"seal:{row.digest}" if isinstance(row, Seal) else _anchor_text(row)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(row.signature, _hmac(text, key)) for key in keys)


def beginning(anchor: Anchor | None) -> Head:
    """Return the end of the chain that pruning left: the first seal follows it."""
    if anchor is None:
        return Head(0, GENESIS, dict.fromkeys(Journal.values, 0))
    pks = {name: int(anchor.last_pks.get(name, 0)) for name in Journal.values}
    return Head(anchor.sequence, anchor.digest, pks)


def end() -> Head:
    """Return where the chain ends now.

    The seals are read in one statement, and the anchor after them: seals that are pruned in between
    are in the anchor, or were not the last ones.
    """
    newest = Seal.objects.order_by().values("journal").annotate(newest=Max("sequence"))
    seals = Seal.objects.filter(sequence__in=newest.values("newest")).defer("leaves")
    last_of_each = list(seals.order_by("sequence"))
    start = beginning(latest_anchor())
    if not last_of_each or last_of_each[-1].sequence <= start.sequence:
        return start
    last_pks = start.last_pks | {seal.journal: seal.last_pk for seal in last_of_each}
    return Head(last_of_each[-1].sequence, last_of_each[-1].digest, last_pks)


@contextmanager
def exclusive() -> Iterator[None]:
    """Change the chain in one transaction, while nobody else changes it."""
    with transaction.atomic():  # SQLite has one writer at a time
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def latest_anchor() -> Anchor | None:
    """Return the anchor that is valid: the newest one."""
    return Anchor.objects.order_by("pk").last()


def make_anchor(head: Head, *, cutoff: datetime, now: datetime) -> Anchor:
    """Add a signed anchor: the chain begins after *head*."""
    anchor = Anchor(
        created_at=now,
        cutoff=cutoff,
        sequence=head.sequence,
        digest=head.digest,
        last_pks=head.last_pks,
    )
    anchor.signature = sign_anchor(anchor)
    anchor.save()
    return anchor


def _anchor_text(anchor: Anchor) -> str:
    content: list[Any] = [
        *("anchor", microseconds(anchor.created_at), microseconds(anchor.cutoff)),
        *(anchor.sequence, anchor.digest, sorted(anchor.last_pks.items())),
    ]
    return json.dumps(content)


def _hmac(text: str, key: str | bytes) -> str:
    return salted_hmac(_SALT, text, secret=key, algorithm="sha256").hexdigest()
