"""Seal rows in batches: each batch becomes a link of the chain."""

from typing import Final, NamedTuple

from django.utils import timezone

from passwords.audit import chain, journals
from passwords.models import Journal, Seal
from passwords.settling import settled_pk

ROWS_PER_SEAL: Final = 1000


class Sealed(NamedTuple):
    """How many rows were sealed, and the digest of the last seal.

    Stored elsewhere, the digest shows later whether seals are missing.
    """

    rows: int
    digest: str


def seal() -> Sealed:
    """Seal all rows up to the highest settled key.

    Several processes may do this at the same time. If another process adds a seal first, this
    process drops its batch.
    """
    count = 0
    for journal in Journal:
        last_pk = settled_pk(journals.MODELS[journal])
        while last_pk is not None:
            sealed = _seal_batch(journal, last_pk)
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


def _seal_batch(journal: Journal, last_pk: int) -> int:
    """Seal up to ``ROWS_PER_SEAL`` rows; return how many, 0 if the chain changed meanwhile."""
    head = chain.end()
    batch = journals.leaves(
        journal, after_pk=head.last_pks[journal], last_pk=last_pk, limit=ROWS_PER_SEAL
    )
    if not batch:
        return 0
    link = _link(journal, head, batch)
    with chain.exclusive():
        if chain.end() != head:
            return 0
        link.save(force_insert=True)
    return len(batch)


def _link(journal: Journal, head: chain.Head, batch: list[journals.Leaf]) -> Seal:
    link = Seal(
        sequence=head.sequence + 1,
        journal=journal,
        after_pk=head.last_pks[journal],
        last_pk=batch[-1].pk,
        leaves=journals.pack(batch),
        sealed_at=timezone.now(),
    )
    link.digest = chain.digest_of(link, head.digest)
    chain.sign(link)
    return link
