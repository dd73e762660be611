"""What the database keeps: policies, and a history and an audit that never hold a secret."""

from passwords.models.audit import (
    Action,
    Anchor,
    AppendOnlyError,
    AuditEntry,
    DailyTotal,
    Journal,
    Seal,
)
from passwords.models.choices import Kind, Surface
from passwords.models.generations import Generation
from passwords.models.policies import Policy

__all__ = [
    "Action",
    "Anchor",
    "AppendOnlyError",
    "AuditEntry",
    "DailyTotal",
    "Generation",
    "Journal",
    "Kind",
    "Policy",
    "Seal",
    "Surface",
]
