"""Sealing: batch by batch, each a link of the chain, and its sums for the dashboard with it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F
from django.utils import timezone

from passwords.audit import chain, journals
from passwords.audit.settling import settled_pk
from passwords.models import DailyTotal, Journal, Seal

if TYPE_CHECKING:
    from datetime import date

    from passwords.audit.chain import Head

    TotalKey = tuple[date, str, str, str, int]

ROWS_PER_SEAL: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What sealing came to.

    Attributes:
        rows: how many rows were sealed.
        digest: the head of the chain. Kept elsewhere, it proves later that no seal was cut off.
    """

    rows: int
    digest: str


def seal() -> Sealed:
    """Seal every row that is settled.

    Several processes may do this at once: a batch whose place in the chain was taken meanwhile is
    left to the process that took it.
    """
    count = 0
    for journal in Journal:
        ceiling = settled_pk(journals.MODELS[journal])
        while ceiling is not None:
            sealed = _seal_batch(journal, ceiling)
            count += sealed
            if sealed < ROWS_PER_SEAL:
                break
    return Sealed(rows=count, digest=chain.end().digest)


def last_sealed_pk() -> int:
    """Return the key of the last row of the history that is sealed, 0 if none is."""
    return chain.end().last_pks[Journal.HISTORY]


def unsealed_rows() -> int:
    """Return how many rows are not sealed yet."""
    head = chain.end()
    return sum(
        model.objects.filter(pk__gt=head.last_pks[journal]).count()
        for journal, model in journals.MODELS.items()
    )


def _seal_batch(journal: Journal, ceiling: int) -> int:
    """Seal up to ``ROWS_PER_SEAL`` rows; return how many, 0 if the chain changed meanwhile."""
    head = chain.end()
    batch = list(
        journals.rows(
            journal, after_pk=head.last_pks[journal], last_pk=ceiling, limit=ROWS_PER_SEAL
        )
    )
    if not batch:
        return 0
    link = _link(journal, head, [leaf for leaf, _values in batch])
    totals = _totals([values for _leaf, values in batch]) if journal is Journal.HISTORY else None
    with chain.exclusive():
        if chain.end() != head:
            return 0
        link.save(force_insert=True)
        if totals:
            _add_totals(*totals)
    return len(batch)


def _link(journal: Journal, head: Head, leaves: list[journals.Leaf]) -> Seal:
    link = Seal(
        sequence=head.sequence + 1,
        journal=journal,
        after_pk=head.last_pks[journal],
        last_pk=leaves[-1].pk,
        leaves=journals.pack(leaves),
        sealed_at=timezone.now(),
    )
    link.digest = chain.digest_of(link, head.digest)
    link.signature = chain.sign_seal(link)
    return link


def _totals(rows: list[dict[str, Any]]) -> tuple[Counter[TotalKey], Counter[TotalKey]]:
    requests: Counter[TotalKey] = Counter()
    secrets: Counter[TotalKey] = Counter()
    for row in rows:
        day = row["created_at"].astimezone(UTC).date()
        bits = math.floor(row["entropy_bits"])
        key = (day, row["surface"], row["kind"], row["policy_slug"], bits)
        requests[key] += 1
        secrets[key] += row["count"]
    return requests, secrets


def _add_totals(requests: Counter[TotalKey], secrets: Counter[TotalKey]) -> None:
    for key in sorted(requests):
        names = dict(zip(("day", "surface", "kind", "policy_slug", "bits"), key, strict=True))
        added = {"requests": requests[key], "secrets": secrets[key]}
        sums = {name: F(name) + number for name, number in added.items()}
        if not DailyTotal.objects.filter(**names).update(**sums):
            DailyTotal.objects.create(**names, **added)
