"""Queries of the history: its rows, and its figures by channel and kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Max, Min, Sum
from django.utils import timezone

from passwords.models import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTotal:
    """How much of the history one channel and kind account for."""

    channel: str
    kind: str
    requests: int
    secrets: int
    mean_entropy_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStatistics:
    """The history in a few figures."""

    requests: int
    secrets: int
    first_at: datetime | None
    last_at: datetime | None
    groups: tuple[GroupTotal, ...]


def statistics() -> HistoryStatistics:
    """Count the history by channel and kind."""
    totals = Generation.objects.aggregate(
        requests=Count("pk"), secrets=Sum("count"), first=Min("created_at"), last=Max("created_at")
    )
    groups = (
        Generation.objects.order_by("channel", "kind")
        .values("channel", "kind")
        .annotate(requests=Count("pk"), secrets=Sum("count"), mean=Avg("entropy_bits"))
    )
    return HistoryStatistics(
        requests=totals["requests"],
        secrets=totals["secrets"] or 0,
        first_at=totals["first"],
        last_at=totals["last"],
        groups=tuple(
            GroupTotal(
                channel=group["channel"],
                kind=group["kind"],
                requests=group["requests"],
                secrets=group["secrets"],
                mean_entropy_bits=group["mean"],
            )
            for group in groups
        ),
    )


def rows(chosen: QuerySet[Generation] | None = None) -> Iterator[Generation]:
    """Yield the history, or the *chosen* rows of it, oldest first, at a flat cost in memory."""
    found = Generation.objects.all() if chosen is None else chosen
    return found.order_by("created_at", "pk").iterator(chunk_size=2000)


def count_older_than(*, days: int) -> int:
    """Return how many rows of the history pruning it would delete."""
    return Generation.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)).count()
