"""End links that have expired, and delete old receipts."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from passwords.models import Share, ShareState
from passwords.signals import shares_ended

_ROWS_AT_ONCE: Final = 500


def end_expired() -> int:
    """Delete the sealed texts of expired links, in small transactions; return how many."""
    expired = Share.objects.filter(state=ShareState.LIVE, expires_at__lte=timezone.now())
    ended = 0
    while keys := list(expired.values_list("pk", flat=True)[:_ROWS_AT_ONCE]):
        # Again with the filter: another process may have ended some.
        ended += expired.filter(pk__in=keys).update(
            state=ShareState.EXPIRED, payload=None, ended_at=F("expires_at")
        )
    if ended:
        shares_ended.send(sender=Share, state=ShareState.EXPIRED.value, count=ended)
    return ended


def old_receipts() -> QuerySet[Share]:
    """Return the links that ended more than ``SHARES_RECEIPT_DAYS`` ago."""
    return Share.objects.filter(ended_at__lt=timezone.now() - _receipt_days())


def last_day(expires_at: datetime) -> datetime:
    """Return until when the receipt of a link exists, at the latest."""
    return expires_at + _receipt_days()


def _receipt_days() -> timedelta:
    return timedelta(days=settings.SHARES_RECEIPT_DAYS)
