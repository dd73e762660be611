"""Delete old rows, and replace their seals with a signed anchor."""

import math
import time
from datetime import datetime
from typing import Final

from django.utils import timezone

from passwords.audit import chain, journals
from passwords.audit.chain import Head
from passwords.models import Journal, Seal

# The rows deleted in one transaction. It must be short, as other writers wait for it.
_ROWS_AT_ONCE: Final = 2000


def prune(cutoff: datetime, *, deadline: float = math.inf) -> dict[Journal, int]:
    """Delete the rows from before *cutoff*; return how many were deleted in each journal.

    The anchor is written first: after an interruption it covers every row that is missing.

    Args:
        cutoff: rows from before it are deleted.
        deadline: when to stop, by `time.monotonic`; the next call deletes the rest.
    """
    old = [
        journal
        for journal, model in journals.MODELS.items()
        if model.objects.filter(created_at__lt=cutoff).exists()
    ]
    if not old:
        return dict.fromkeys(Journal, 0)
    with chain.exclusive():
        anchor = chain.latest_anchor()
        if anchor is None or anchor.cutoff < cutoff:
            chain.add_anchor(chain.beginning(anchor), cutoff=cutoff, now=timezone.now())
    pruned = {journal: _delete_rows(journal, cutoff, deadline) for journal in Journal}
    if time.monotonic() < deadline:
        _delete_seals(cutoff)
    return pruned


def _delete_rows(journal: Journal, cutoff: datetime, deadline: float) -> int:
    model = journals.MODELS[journal]
    deleted = 0
    while time.monotonic() < deadline:
        old = model.objects.filter(created_at__lt=cutoff).order_by("created_at")
        pks = list(old.values_list("pk", flat=True)[:_ROWS_AT_ONCE])
        if not pks:
            break
        deleted += model.objects.filter(pk__in=pks).delete()[0]
    return deleted


@chain.exclusive()
def _delete_seals(cutoff: datetime) -> None:
    """Delete the seals at the beginning of the chain that have no rows left."""
    head = chain.beginning(chain.latest_anchor())
    last: Seal | None = None
    last_pks = dict(head.last_pks)
    before = journals.microseconds(cutoff)
    for seal in Seal.objects.order_by("sequence").iterator(chunk_size=50):
        if any(leaf.at >= before for leaf in journals.unpack(bytes(seal.leaves))):
            break
        last = seal
        last_pks[seal.journal] = seal.last_pk
    if last:
        head = Head(last.sequence, last.digest, last_pks)
        chain.add_anchor(head, cutoff=cutoff, now=timezone.now())
        Seal.objects.filter(sequence__lte=last.sequence).delete()
