"""The sums of each day: the dashboard reads them instead of every row of the history.

`SummedHistory` has the key of the last row in the sums. The transaction that adds rows to the sums
changes it too, so that each row is counted once, even if several workers try at the same time.
"""

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, IntegerField, Sum
from django.db.models.functions import Cast, Floor, TruncDate

from passwords.models import DailyTotal, Generation, SummedHistory
from passwords.settling import settled_pk

ROWS_AT_ONCE: Final = 5000
_MARK: Final = 1
_BITS: Final = Cast(Floor("entropy_bits"), IntegerField())


def update() -> int:
    """Add new rows to the sums; return how many."""
    count = 0
    highest = settled_pk(Generation)
    while highest is not None and (added := _add_rows(highest)):
        count += added
    return count


def summed_pk() -> int:
    """Return the key of the last row in the sums, or 0."""
    return sum(SummedHistory.objects.filter(pk=_MARK).values_list("last_pk", flat=True))


def drop_before(day: date) -> None:
    """Delete the sums of the days before *day*."""
    DailyTotal.objects.filter(day__lt=day).delete()


def _add_rows(highest: int) -> int:
    """Add up to ``ROWS_AT_ONCE`` rows; return how many, 0 if another worker added them."""
    before = SummedHistory.objects.get_or_create(pk=_MARK)[0].last_pk
    rows = Generation.objects.filter(pk__gt=before, pk__lte=highest).order_by("pk")
    pks = list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE])
    if not pks:
        return 0
    sums = list(
        rows.filter(pk__lte=pks[-1])
        .order_by()
        .values("channel", "kind", "policy_slug", day=TruncDate("created_at"), bits=_BITS)
        .annotate(requests=Count("pk"), secrets=Sum("count"))
    )
    with transaction.atomic():
        mark = SummedHistory.objects.filter(pk=_MARK, last_pk=before)
        if not mark.update(last_pk=pks[-1]):
            return 0
        for found in sums:
            key: dict[str, Any] = {**found}
            requests, secrets = key.pop("requests"), key.pop("secrets")
            if not DailyTotal.objects.filter(**key).update(
                requests=F("requests") + requests, secrets=F("secrets") + secrets
            ):
                DailyTotal.objects.create(**key, requests=requests, secrets=secrets)
    return len(pks)
