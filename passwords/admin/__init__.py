"""The admin: policies to edit, and a history to read; neither ever shows a secret that is kept."""

from passwords.admin.auditing import AuditEntryAdmin
from passwords.admin.generations import GenerationAdmin
from passwords.admin.policies import PolicyAdmin

__all__ = ["AuditEntryAdmin", "GenerationAdmin", "PolicyAdmin"]
