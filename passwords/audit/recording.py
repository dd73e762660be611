"""Add rows to the audit. A failed write is logged and never blocks the action."""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from passwords.models import Action, AuditEntry, Channel

logger = logging.getLogger(__name__)


def record(
    action: Action,
    *,
    user_id: int | None = None,
    user_name: str = "",
    channel: Channel = Channel.ADMIN,
    target: str = "",
    details: Mapping[str, Any] | None = None,
    client_address: str | None = None,
) -> bool:
    """Add a row; return whether the database accepted it.

    The *user_name* is kept when the account is deleted. The *target* is cut to 200 characters.
    *details* become JSON, and never hold a secret. The *client_address* is recorded only with
    ``HISTORY_STORE_IP``.
    """
    try:
        with transaction.atomic():  # a failed row must not break the caller's transaction
            AuditEntry.objects.create(
                created_at=timezone.now(),
                user_id=user_id,
                user_name=user_name,
                channel=channel,
                action=action,
                target=target[:200],
                details=dict(details or {}),
                client_address=client_address if settings.HISTORY_STORE_IP else None,
            )
    except DatabaseError as error:
        logger.warning("audit: %s not recorded (%s)", action.value, type(error).__name__)
        return False
    return True
