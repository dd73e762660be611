"""Seal rows in batches: each batch becomes a link of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from passwords.audit import chain, journals
from passwords.models import Journal, Seal
from passwords.settling import settled_pk

if TYPE_CHECKING:
    from passwords.audit.chain import Head

ROWS_PER_SEAL: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What sealing came to.

    Attributes:
        rows: how many rows were sealed.
        digest: of the last seal. Kept elsewhere, it proves later that no seal was cut off.
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
    batch = journals.leaves(
        journal, after_pk=head.last_pks[journal], last_pk=ceiling, limit=ROWS_PER_SEAL
    )
    if not batch:
        return 0
    link = _link(journal, head, batch)
    with chain.exclusive():
        if chain.end() != head:
            return 0
        link.save(force_insert=True)
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
