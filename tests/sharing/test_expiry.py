"""Expired links are deleted, and old receipts after them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from passwords import pruning, sharing
from passwords.models import Share
from tests.sharing.conftest import ANA, MakeLink, is_live

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def travel(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Move the clock of the app."""
    then = timezone.now() + by
    monkeypatch.setattr(timezone, "now", lambda: then)


def test_an_expired_link_is_shown_as_expired_before_it_is_deleted(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_link(expires_in=300)
    travel(monkeypatch, timedelta(seconds=301))

    (seen,) = sharing.list_receipts(ANA)

    assert Share.objects.get().state == "live"
    assert (seen.state, seen.views_left) == ("expired", 0)


def test_the_sealed_text_of_an_expired_link_is_deleted_and_the_receipt_stays(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    _key, expired = make_link(expires_in=300)
    live, _receipt = make_link(expires_in=900)
    travel(monkeypatch, timedelta(seconds=301))

    assert sharing.end_expired() == 1
    assert sharing.end_expired() == 0

    share = Share.objects.get(receipt=expired.receipt)
    assert (share.state, share.payload, share.ended_at) == ("expired", None, expired.expires_at)
    assert is_live(live)
    assert len(sharing.list_receipts(ANA)) == 2


def test_many_expired_links_end_in_small_transactions(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        make_link()
    monkeypatch.setattr(sharing.expiry, "_ROWS_AT_ONCE", 2)
    travel(monkeypatch, 2 * DAY)

    assert sharing.end_expired() == 5


@pytest.mark.parametrize(("days", "links"), [(29, 0), (31, 1)])
def test_a_receipt_is_deleted_some_days_after_the_end_of_the_link(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch, days: int, links: int
) -> None:
    key, _receipt = make_link()
    sharing.open_text(key=key, passphrase=None)
    make_link(expires_in=30 * 86_400)
    travel(monkeypatch, days * DAY)

    pruned = pruning.prune(seconds=60)

    assert pruned.links == links
    assert Share.objects.count() == 2 - links
    assert Share.objects.filter(payload__isnull=False).exists() is (days < 30)


def test_the_last_day_of_a_receipt_follows_the_setting(settings: Settings) -> None:
    settings.SHARES_RECEIPT_DAYS = 7
    now = timezone.now()

    assert sharing.last_day(now) == now + 7 * DAY


def test_sqlite_overwrites_what_is_deleted() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a pragma of SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")

        assert cursor.fetchone() == (1,)
