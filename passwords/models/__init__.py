"""The database: policies, the history, the audit, and one-time links.

None of them holds a secret in clear: a link's is sealed with a key that the server does not have.
"""

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
from passwords.models.shares import Share, ShareState

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
    "Share",
    "ShareState",
    "SummedHistory",
]
