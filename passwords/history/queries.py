"""Queries of the history: rows and statistics."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Max, Min, QuerySet, Sum
from django.utils import timezone

from passwords.models import Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTotal:
    """The history of one channel and kind."""

    channel: str
    kind: str
    requests: int
    secrets: int
    mean_entropy_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStatistics:
    """The totals of the history."""

    requests: int
    secrets: int
    first_at: datetime | None
    last_at: datetime | None
    groups: tuple[GroupTotal, ...]


def statistics() -> HistoryStatistics:
    """Return the totals, also by channel and kind."""
    totals = Generation.objects.aggregate(
        requests=Count("pk"),
        secrets=Sum("count", default=0),
        first_at=Min("created_at"),
        last_at=Max("created_at"),
    )
    groups = (
        Generation.objects.order_by("channel", "kind")
        .values("channel", "kind")
        .annotate(requests=Count("pk"), secrets=Sum("count"), mean_entropy_bits=Avg("entropy_bits"))
    )
    return HistoryStatistics(**totals, groups=tuple(GroupTotal(**group) for group in groups))


def rows(chosen: QuerySet[Generation] | None = None) -> Iterator[Generation]:
    """Yield the history, or the *chosen* rows, oldest first, with constant memory."""
    found = Generation.objects.all() if chosen is None else chosen
    return found.order_by("created_at", "pk").iterator(chunk_size=2000)


def count_older_than(*, days: int) -> int:
    """Return how many rows are older than *days* days."""
    return Generation.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)).count()
