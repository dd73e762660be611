"""The sums of the days: each row is counted once, with and without the chain of seals."""

import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.utils import timezone

from passwords import audit, services
from passwords.history import daily_totals, statistics
from passwords.models import DailyTotal, Generation, Seal, SummedHistory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# For what the other connection has locked.
SHORT_WAIT = {
    "sqlite": "PRAGMA busy_timeout = 100",
    "postgresql": "SET lock_timeout = '100ms'",
}


def _row(number: int, *, days_ago: float = 0, **values: Any) -> Generation:
    given = {"channel": "web", "kind": "pin", "size": 6, "entropy_bits": 19.93}
    return Generation.objects.create(
        created_at=timezone.now() - days_ago * DAY, count=number, **given | values
    )


def _requests() -> int:
    return sum(DailyTotal.objects.values_list("requests", flat=True))


@pytest.mark.parametrize("rows_at_once", [2, 5000])
def test_the_sums_of_the_days_are_those_of_the_rows(
    monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(daily_totals, "ROWS_AT_ONCE", rows_at_once)
    for number in range(1, 10):
        _row(number, kind="pin" if number % 2 else "token", days_ago=number % 3)

    added = daily_totals.update()

    totals = DailyTotal.objects.all()
    assert (added, _requests()) == (9, 9)
    assert sum(total.secrets for total in totals) == sum(range(1, 10))
    assert {(total.kind, total.bits) for total in totals} == {("pin", 19), ("token", 19)}
    assert {total.day for total in totals} == {
        (timezone.now() - days_ago * DAY).date() for days_ago in range(3)
    }
    assert str(totals[0]).endswith(f": {totals[0].requests}")


def test_a_day_begins_at_midnight_utc_and_bits_are_rounded_down() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    for moment, bits in ((midnight - timedelta(microseconds=1), 15.999), (midnight, 16.0)):
        Generation.objects.create(
            created_at=moment, channel="api", kind="pin", count=1, size=6, entropy_bits=bits
        )

    daily_totals.update()

    assert list(DailyTotal.objects.order_by("day").values_list("day", "bits")) == [
        (midnight.date() - DAY, 15),
        (midnight.date(), 16),
    ]


def test_rows_are_added_once() -> None:
    _row(1)
    first = daily_totals.update()
    _row(2)

    again = [daily_totals.update(), daily_totals.update()]

    assert (first, again, _requests()) == (1, [1, 0], 2)
    assert str(SummedHistory.objects.get()) == str(Generation.objects.latest("pk").pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(1, 9))
def test_two_workers_add_each_row_once(number: int) -> None:
    _row(1)
    seen = 0

    def other_worker() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(SHORT_WAIT[connection.vendor])
            daily_totals.update()
        except DatabaseError:  # it is locked by the first
            pass
        finally:
            connection.close()

    def watch(execute: Any, *arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            thread = threading.Thread(target=other_worker)
            thread.start()
            thread.join(timeout=30)
        return execute(*arguments)

    try:
        with connection.execute_wrapper(watch):
            daily_totals.update()
    except DatabaseError:
        daily_totals.update()

    assert _requests() == 1


def test_the_figures_are_the_same_before_and_after_summing_and_without_a_chain() -> None:
    for number in range(1, 6):
        _row(number, days_ago=number, policy_slug="pin")
    before = statistics.figures()

    daily_totals.update()
    _row(6)

    after = statistics.figures()
    assert (before.requests, after.requests) == (5, 6)
    assert not Seal.objects.exists()


def test_pruning_drops_the_sums_of_its_days() -> None:
    _row(1, days_ago=9)
    _row(1, days_ago=1)
    daily_totals.update()

    services.prune_history(days=5)

    assert _requests() == 1


def test_the_migration_goes_on_after_the_rows_that_were_summed_as_they_were_sealed() -> None:
    SummedHistory.objects.all().delete()
    migration = import_module("passwords.migrations.0007_summed_history")
    sealed = _row(1)
    audit.seal()
    new = _row(2)

    migration.begin_after_the_sealed_rows(apps, SimpleNamespace(connection=connection))

    assert daily_totals.summed_pk() == sealed.pk < new.pk


def test_the_migration_goes_on_after_rows_that_were_pruned() -> None:
    SummedHistory.objects.all().delete()
    migration = import_module("passwords.migrations.0007_summed_history")
    pruned = _row(1, days_ago=9).pk
    audit.seal()
    services.prune_history(days=5)

    migration.begin_after_the_sealed_rows(apps, SimpleNamespace(connection=connection))

    assert daily_totals.summed_pk() == pruned
