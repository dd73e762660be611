"""The dashboard's figures, from the daily totals and the few rows that are not in them yet."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from passwords import domain
from passwords.history import daily_totals
from passwords.models import DailyTotal, Generation, Policy

Sums = tuple[date, str, str, str, int, int]

DAYS: Final = 30
BUCKET_BITS: Final = 16
LAST_BUCKET_BITS: Final = 128
"""The last step includes all values above it."""
MOST_POLICIES: Final = 8
# The most rows to read that are not in the daily totals. Usually they are those of half a minute.
_MOST_NOT_SUMMED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakShare:
    """How many requests for a kind of secret were weaker than its default policy."""

    kind: str
    policy: Policy
    weaker: int
    requests: int

    @property
    def percent(self) -> float:
        """The share of weaker requests, 0 to 100."""
        return 100 * self.weaker / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of the last ``DAYS`` days.

    Attributes:
        days: requests by channel for each day, oldest first.
        entropy: requests by entropy, in steps of ``BUCKET_BITS``; the key is the lowest value.
        policies: slug and requests of the most used policies.
        weak: the share below the default policy of each kind that has one.
    """

    days: dict[date, Counter[str]]
    entropy: dict[int, int]
    policies: list[tuple[str, int]]
    weak: list[WeakShare]

    @property
    def requests(self) -> int:
        """The number of requests."""
        return sum(channels.total() for channels in self.days.values())


def figures() -> Figures:
    """Return the figures of the last ``DAYS`` days, today included."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    days = {first + timedelta(days=number): Counter[str]() for number in range(DAYS)}
    entropy: Counter[int] = Counter()
    policies: Counter[str] = Counter()
    by_strength: Counter[tuple[str, int]] = Counter()
    for day, channel, kind, slug, bits, requests in (*_summed(first), *_not_summed()):
        if day not in days:
            continue
        days[day][channel] += requests
        entropy[min(bits // BUCKET_BITS * BUCKET_BITS, LAST_BUCKET_BITS)] += requests
        by_strength[kind, bits] += requests
        if slug:
            policies[slug] += requests
    return Figures(
        days=days,
        entropy={
            bits: entropy[bits] for bits in range(0, LAST_BUCKET_BITS + BUCKET_BITS, BUCKET_BITS)
        },
        policies=policies.most_common(MOST_POLICIES),
        weak=list(_weak_shares(by_strength)),
    )


def _summed(first: date) -> Iterator[Sums]:
    columns = ("day", "channel", "kind", "policy_slug", "bits", "requests")
    yield from DailyTotal.objects.filter(day__gte=first).values_list(*columns)


def _not_summed() -> Iterator[Sums]:
    columns = ("created_at", "channel", "kind", "policy_slug", "entropy_bits")
    rows = Generation.objects.filter(pk__gt=daily_totals.summed_pk()).order_by("-pk")
    for moment, channel, kind, slug, bits in rows.values_list(*columns)[:_MOST_NOT_SUMMED]:
        yield moment.date(), channel, kind, slug, math.floor(bits), 1


def _weak_shares(by_strength: Counter[tuple[str, int]]) -> Iterator[WeakShare]:
    for policy in Policy.objects.filter(default=True):
        try:
            minimum = math.floor(policy.recipe().entropy_bits)
        except domain.RecipeError:
            continue
        of_kind = {bits: n for (kind, bits), n in by_strength.items() if kind == policy.kind}
        yield WeakShare(
            kind=policy.kind,
            policy=policy,
            weaker=sum(number for bits, number in of_kind.items() if bits < minimum),
            requests=sum(of_kind.values()),
        )
