"""The history of requests: time, user, channel and strength. It never holds a secret."""

from passwords.history.recording import owner_hash, owner_hashes, record
from passwords.history.writing import DraftRecordedError, HistoryRow, HistoryWriter, writer

__all__ = [
    "DraftRecordedError",
    "HistoryRow",
    "HistoryWriter",
    "owner_hash",
    "owner_hashes",
    "record",
    "writer",
]
