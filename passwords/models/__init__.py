"""The database: policies, the history and the audit. None of them holds a secret."""

from passwords.models.audit import (
    Action,
    Anchor,
    AppendOnlyError,
    AuditEntry,
    Journal,
    Seal,
)
from passwords.models.choices import Channel, Kind
from passwords.models.generations import DailyTotal, Generation, SummedHistory
from passwords.models.policies import Policy

__all__ = [
    "Action",
    "Anchor",
    "AppendOnlyError",
    "AuditEntry",
    "Channel",
    "DailyTotal",
    "Generation",
    "Journal",
    "Kind",
    "Policy",
    "Seal",
    "SummedHistory",
]
