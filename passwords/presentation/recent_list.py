"""The recent secrets as their owner sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from passwords.models import Kind
from passwords.presentation import durations
from passwords.presentation.marking import marked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from passwords.recents import RecentItem


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentSecret:
    """One recent secret: its value stays out of ``repr``."""

    item_id: str
    marked: SafeString = field(repr=False)
    label: str
    entropy_bits: float
    age: str
    time_left: str
    created_at_iso: str
    copy_label: str
    qr_label: str
    forget_label: str


def recent_secrets(items: Iterable[RecentItem]) -> list[RecentSecret]:
    """Return what the page shows of each of *items*."""
    now = timezone.now()
    return [_recent_secret(item, now) for item in items]


def _recent_secret(item: RecentItem, now: datetime) -> RecentSecret:
    label = str(Kind(item.kind).label)
    age = durations.age(now - item.created_at)
    # Which one, for those who hear the buttons instead of seeing where they stand.
    which = {"secret": f"{label}, {age}"}
    return RecentSecret(
        item_id=item.item_id,
        marked=marked(item.value),
        label=label,
        entropy_bits=item.entropy_bits,
        age=age,
        time_left=durations.time_left(item.expires_at - now),
        created_at_iso=item.created_at.isoformat(timespec="seconds"),
        copy_label=gettext("Copy: %(secret)s") % which,
        qr_label=gettext("QR code: %(secret)s") % which,
        forget_label=gettext("Forget: %(secret)s") % which,
    )
