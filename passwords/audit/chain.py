"""The hash chain: the digests of seals, their signatures, the beginning and the end of the chain.

Everybody who can write to the database can compute the digests, which are plain SHA-256. So each
seal is signed with a key that is not in the database: ``SECRET_KEY``.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.crypto import constant_time_compare, salted_hmac

from passwords.models import Anchor, Journal, Seal
from passwords.moments import to_microseconds

GENESIS: Final = "0" * 64
"""The digest before the first seal."""

_SALT: Final = "passwords.audit"
# The number of this lock among PostgreSQL's advisory locks.
_LOCK: Final = 0x67697365616C


class Head(NamedTuple):
    """A position in the chain: a sequence, its digest, and the last key of each journal."""

    sequence: int
    digest: str
    last_pks: dict[str, int]


def digest_of(seal: Seal, previous: str) -> str:
    """Return the digest of *seal* after the *previous* digest."""
    content = [
        *(previous, seal.sequence, seal.journal, seal.after_pk, seal.last_pk),
        *(to_microseconds(seal.sealed_at), hashlib.sha256(bytes(seal.leaves)).hexdigest()),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def sign(row: Seal | Anchor) -> None:
    """Sign a seal or an anchor with ``SECRET_KEY``."""
    row.signature = _signature(row, settings.SECRET_KEY)


def is_signed(row: Seal | Anchor) -> bool:
    """Whether a seal or an anchor is signed with ``SECRET_KEY`` or one of its fallbacks."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(row.signature, _signature(row, key)) for key in keys)


def beginning(anchor: Anchor | None) -> Head:
    """Return the position before the first seal, as the *anchor* of the last pruning has it."""
    if anchor is None:
        return Head(0, GENESIS, dict.fromkeys(Journal.values, 0))
    pks = {name: int(anchor.last_pks.get(name, 0)) for name in Journal.values}
    return Head(anchor.sequence, anchor.digest, pks)


def end() -> Head:
    """Return the current end of the chain.

    The seals are read in one query, and the anchor after them. If seals are pruned in between, the
    anchor covers them, or they were not the last ones.
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
    """Lock the chain for a transaction that changes it."""
    with transaction.atomic():  # SQLite itself has one writer at a time
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def latest_anchor() -> Anchor | None:
    """Return the newest anchor, which is the valid one."""
    return Anchor.objects.order_by("pk").last()


def add_anchor(head: Head, *, cutoff: datetime, now: datetime) -> None:
    """Add a signed anchor: the chain begins after *head*."""
    anchor = Anchor(
        created_at=now,
        cutoff=cutoff,
        sequence=head.sequence,
        digest=head.digest,
        last_pks=head.last_pks,
    )
    sign(anchor)
    anchor.save()


def _signature(row: Seal | Anchor, key: str) -> str:
    if isinstance(row, Seal):
        text = f"seal:{row.digest}"
    else:
        content: list[Any] = [
            *("anchor", to_microseconds(row.created_at), to_microseconds(row.cutoff)),
            *(row.sequence, row.digest, sorted(row.last_pks.items())),
        ]
        text = json.dumps(content)
    return salted_hmac(_SALT, text, secret=key, algorithm="sha256").hexdigest()
