"""The questions: policies, an owner's recents, statistics of the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError
from django.db.models import Avg, Count, Max, Min, Sum
from django.utils import timezone

from passwords.circuit_breaker import CircuitBreaker
from passwords.models import Generation, Policy
from passwords.recents import open_store, shelf
from passwords.signals import database_failed

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


class _RememberedPolicies:
    """The policies to choose from; while the database is away, those that were there before.

    A page that offers policies is of use without them: it must not fail, nor wait, for their sake.
    """

    def __init__(self) -> None:
        self._circuit = CircuitBreaker()
        self._known: list[Policy] = []

    def read(self) -> list[Policy]:
        if self._circuit.allows():
            try:
                self._known = list(Policy.objects.filter(active=True))
            except DatabaseError as error:
                self._circuit.record_failure()
                database_failed.send(sender=Policy, error=type(error).__name__)
            else:
                self._circuit.record_success()
        return list(self._known)


_policies: Final = _RememberedPolicies()


def active_policies() -> list[Policy]:
    """Return the policies that people may choose, in their order."""
    return _policies.read()


def all_policies() -> list[Policy]:
    """Return every policy, those too that nobody may choose, in their order."""
    return list(Policy.objects.all())


def policy_slugs() -> list[str]:
    """Return the slug of every policy that there is or was."""
    return sorted(set(Policy.history.values_list("slug", flat=True)))


def active_policy(slug: str) -> Policy | None:
    """Return one such policy, or ``None``; while the database is away, one that was there before.

    Raises:
        DatabaseError: it is away, and whether there is such a policy is not known.
    """
    try:
        return Policy.objects.filter(active=True, slug=slug).first()
    except DatabaseError as error:
        database_failed.send(sender=Policy, error=type(error).__name__)
        for policy in active_policies():
            if policy.slug == slug:
                return policy
        raise


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
