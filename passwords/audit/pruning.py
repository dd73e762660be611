"""Delete old rows, and replace their seals with a signed anchor."""

import math
import time
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from passwords.audit import chain, journals
from passwords.audit.chain import Head
from passwords.models import Journal, Seal
from passwords.moments import to_microseconds

# The rows deleted in one transaction. It must be short, as other writers wait for it.
_ROWS_AT_ONCE: Final = 2000


def prune(cutoff: datetime, *, deadline: float = math.inf) -> dict[Journal, int]:
    """Delete the rows from before *cutoff*; return how many were deleted in each journal.

    The anchor is written first: after an interruption it covers every row that is missing. The
    deletion stops at *deadline*, of `time.monotonic`; the next call deletes the rest.
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
    pruned = {
        journal: delete_in_batches(
            model.objects.filter(created_at__lt=cutoff).order_by("created_at"), deadline
        )
        for journal, model in journals.MODELS.items()
    }
    if time.monotonic() < deadline:
        _delete_seals(cutoff)
    return pruned


def delete_in_batches(rows: QuerySet[Any], deadline: float) -> int:
    """Delete *rows* in small transactions until *deadline*; return how many."""
    deleted = 0
    while time.monotonic() < deadline:
        pks = list(rows.values_list("pk", flat=True)[:_ROWS_AT_ONCE])
        if not pks:
            break
        rows.filter(pk__in=pks).delete()  # again with the filter: some may have been renewed
        deleted += len(pks)
    return deleted


@chain.exclusive()
def _delete_seals(cutoff: datetime) -> None:
    """Delete the seals at the beginning of the chain that have no rows left."""
    head = chain.beginning(chain.latest_anchor())
    last: Seal | None = None
    last_pks = dict(head.last_pks)
    before = to_microseconds(cutoff)
    for seal in Seal.objects.order_by("sequence").iterator(chunk_size=50):
        if any(leaf.at >= before for leaf in journals.unpack(bytes(seal.leaves))):
            break
        last = seal
        last_pks[seal.journal] = seal.last_pk
    if last:
        head = Head(last.sequence, last.digest, last_pks)
        chain.add_anchor(head, cutoff=cutoff, now=timezone.now())
        Seal.objects.filter(sequence__lte=last.sequence).delete()
