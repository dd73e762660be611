"""The dashboard's figures, from the daily totals and the few rows that are not in them yet."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from django.utils import timezone

from passwords import domain
from passwords.domain import guessing
from passwords.domain.guessing import Strength
from passwords.history import daily_totals
from passwords.models import DailyTotal, Generation, Kind, Policy

Sums = tuple[date, str, str, str, int, int]
Graded = tuple[date, str, int]
"""A day, a kind and an entropy in whole bits."""

DAYS: Final = 30
BUCKET_BITS: Final = 16
LAST_BUCKET_BITS: Final = 128
"""The last step includes all values above it."""
BUCKETS: Final = range(0, LAST_BUCKET_BITS + BUCKET_BITS, BUCKET_BITS)
MOST_POLICIES: Final = 8
# The most rows to read that are not in the daily totals. Usually they are those of half a minute.
_MOST_NOT_SUMMED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some requests were weaker than the default policy of their kind."""

    weaker: int
    requests: int

    @property
    def percent(self) -> float:
        """The share of weaker requests, 0 to 100."""
        return 100 * self.weaker / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakShare(Share):
    """The share of weaker requests for one kind of secret."""

    kind: str
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of the last ``DAYS`` days.

    Attributes:
        days: requests by channel for each day, oldest first.
        strengths: requests by strength for each day, without PINs, which are judged by other rules.
        weak_days: the share below the default policies for each day; requests for a kind without
            one do not count.
        entropy: requests by entropy, in steps of ``BUCKET_BITS``; the key is the lowest value.
        kinds: requests by kind, the most first.
        policies: slug and requests of the most used policies.
        policy_names: the names of these policies by slug, without deleted ones.
        weak: the share below the default policy of each kind that has one.
    """

    days: dict[date, Counter[str]]
    strengths: dict[date, Counter[Strength]]
    weak_days: dict[date, Share]
    entropy: dict[int, int]
    kinds: list[tuple[str, int]]
    policies: list[tuple[str, int]]
    policy_names: dict[str, str]
    weak: list[WeakShare]

    @property
    def requests(self) -> int:
        """The number of requests."""
        return sum(channels.total() for channels in self.days.values())


def figures() -> Figures:
    """Return the figures of the last ``DAYS`` days, today included."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    days = {first + timedelta(days=number): Counter[str]() for number in range(DAYS)}
    kinds: Counter[str] = Counter()
    policies: Counter[str] = Counter()
    by_day: Counter[Graded] = Counter()
    by_kind: Counter[tuple[str, int]] = Counter()
    for day, channel, kind, slug, bits, requests in (*_summed(first), *_not_summed()):
        if day not in days:
            continue
        days[day][channel] += requests
        kinds[kind] += requests
        by_day[day, kind, bits] += requests
        by_kind[kind, bits] += requests
        if slug:
            policies[slug] += requests
    defaults = _default_policies()
    most_used = policies.most_common(MOST_POLICIES)
    return Figures(
        days=days,
        strengths=_strengths(days, by_day),
        weak_days=_weak_days(days, by_day, defaults),
        entropy=_entropy(by_kind),
        kinds=kinds.most_common(),
        policies=most_used,
        policy_names=_names(slug for slug, _requests in most_used),
        weak=[_weak_share(policy, bits, by_kind) for policy, bits in defaults.values()],
    )


def _summed(first: date) -> Iterator[Sums]:
    columns = ("day", "channel", "kind", "policy_slug", "bits", "requests")
    yield from DailyTotal.objects.filter(day__gte=first).values_list(*columns)


def _not_summed() -> Iterator[Sums]:
    columns = ("created_at", "channel", "kind", "policy_slug", "entropy_bits")
    rows = Generation.objects.filter(pk__gt=daily_totals.summed_pk()).order_by("-pk")
    for moment, channel, kind, slug, bits in rows.values_list(*columns)[:_MOST_NOT_SUMMED]:
        yield moment.date(), channel, kind, slug, math.floor(bits), 1


def _names(slugs: Iterable[str]) -> dict[str, str]:
    return {policy.slug: str(policy) for policy in Policy.objects.filter(slug__in=list(slugs))}


def _default_policies() -> dict[str, tuple[Policy, int]]:
    """Return the default policy of each kind, and its entropy in whole bits."""
    found = {}
    for policy in Policy.objects.filter(default=True):
        with suppress(domain.RecipeError):  # a policy without a recipe measures nothing
            found[policy.kind] = policy, math.floor(policy.recipe().entropy_bits)
    return found


def _entropy(by_kind: Counter[tuple[str, int]]) -> dict[int, int]:
    entropy = dict.fromkeys(BUCKETS, 0)
    for (_kind, bits), requests in by_kind.items():
        entropy[min(bits // BUCKET_BITS * BUCKET_BITS, LAST_BUCKET_BITS)] += requests
    return entropy


def _strengths(days: Iterable[date], by_day: Counter[Graded]) -> dict[date, Counter[Strength]]:
    strengths = {day: Counter[Strength]() for day in days}
    for (day, kind, bits), requests in by_day.items():
        if kind != Kind.PIN:
            strengths[day][_strength(min(bits, LAST_BUCKET_BITS))] += requests
    return strengths


@cache
def _strength(bits: int) -> Strength:
    """Return the strength of whole bits, as the daily totals have them: never above the truth."""
    return guessing.strength(2**bits)


def _weak_days(
    days: Iterable[date],
    by_day: Counter[Graded],
    defaults: Mapping[str, tuple[Policy, int]],
) -> dict[date, Share]:
    measured: Counter[date] = Counter()
    weaker: Counter[date] = Counter()
    for (day, kind, bits), requests in by_day.items():
        if kind in defaults:
            measured[day] += requests
            weaker[day] += requests * (bits < defaults[kind][1])
    return {day: Share(weaker=weaker[day], requests=measured[day]) for day in days}


def _weak_share(policy: Policy, minimum: int, by_kind: Counter[tuple[str, int]]) -> WeakShare:
    of_kind = {bits: number for (kind, bits), number in by_kind.items() if kind == policy.kind}
    return WeakShare(
        kind=policy.kind,
        policy=policy,
        weaker=sum(number for bits, number in of_kind.items() if bits < minimum),
        requests=sum(of_kind.values()),
    )
