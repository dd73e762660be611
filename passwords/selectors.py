"""The questions: an owner's recents, statistics of the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Max, Min, Sum
from django.utils import timezone

from passwords.models import Generation
from passwords.recents import open_store, shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from passwords.recents import Owner, RecentItem


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTotal:
    """How much of the history one door and kind account for."""

    surface: str
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


def recents(owner: Owner) -> list[RecentItem]:
    """Return the owner's recent secrets, newest first.

    Raises:
        RecentsUnavailableError: the store is away.
    """
    return open_store().newest(shelf(owner))


def history_statistics() -> HistoryStatistics:
    """Count the history by door and kind."""
    totals = Generation.objects.aggregate(
        requests=Count("pk"), secrets=Sum("count"), first=Min("created_at"), last=Max("created_at")
    )
    groups = (
        Generation.objects.order_by("surface", "kind")
        .values("surface", "kind")
        .annotate(requests=Count("pk"), secrets=Sum("count"), mean=Avg("entropy_bits"))
    )
    return HistoryStatistics(
        requests=totals["requests"],
        secrets=totals["secrets"] or 0,
        first_at=totals["first"],
        last_at=totals["last"],
        groups=tuple(
            GroupTotal(
                surface=group["surface"],
                kind=group["kind"],
                requests=group["requests"],
                secrets=group["secrets"],
                mean_entropy_bits=group["mean"],
            )
            for group in groups
        ),
    )


def history_rows(rows: QuerySet[Generation] | None = None) -> Iterator[Generation]:
    """Yield the history, or some *rows* of it, oldest first, at a flat cost in memory."""
    chosen = Generation.objects.all() if rows is None else rows
    return chosen.order_by("created_at", "pk").iterator(chunk_size=2000)


def count_history_older_than(*, days: int) -> int:
    """Return how many rows of the history pruning it would delete."""
    return Generation.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)).count()
