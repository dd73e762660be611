"""The database: policies, the history, the audit, one-time links and API tokens.

None of them holds a secret in clear: a link's is sealed with a key that the server does not have,
and of a token there is only the SHA-256.
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
from passwords.models.tokens import ApiToken, TokenState

__all__ = [
    "Action",
    "Anchor",
    "ApiToken",
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
    "TokenState",
]
