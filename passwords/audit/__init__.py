"""Who did what, and how a row that was changed afterwards is found out.

Rows of the history and of the audit are sealed in batches, behind the requests that write them:
each batch is a link of one chain of SHA-256 digests. `docs/admin.md` says what it proves.
"""

from passwords.audit.pruning import prune
from passwords.audit.recording import record
from passwords.audit.sealing import Sealed, seal, unsealed_rows
from passwords.audit.verifying import Fault, Finding, verify

__all__ = [
    "Fault",
    "Finding",
    "Sealed",
    "prune",
    "record",
    "seal",
    "unsealed_rows",
    "verify",
]
