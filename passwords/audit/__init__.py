"""The audit: who did what; and the hash chain, which detects changed rows.

A background thread seals the rows of the history and of the audit in batches. Each batch is a link
of one chain of SHA-256 digests. `docs/admin.md` says what the chain proves.
"""

from passwords.audit.pruning import prune
from passwords.audit.recording import record
from passwords.audit.sealing import seal, unsealed_rows
from passwords.audit.verifying import Fault, last_verification, verify

__all__ = ["Fault", "last_verification", "prune", "record", "seal", "unsealed_rows", "verify"]
