"""Formats: how a drawn secret is written for the file, tool or server that takes it.

`FORMATS` describes each format once, for every channel. `read` validates a format and its options,
and returns a `WrittenAs`, which writes secrets. `drawing` draws secrets for every channel and
completes those that need a clock or PyNaCl. No Django and no files.
"""

from passwords.formats.choice import WrittenAs, read
from passwords.formats.document import Document
from passwords.formats.env import SAFE_SYMBOLS
from passwords.formats.errors import BusyError
from passwords.formats.fields import Field
from passwords.formats.table import FORMATS, Format

__all__ = [
    "FORMATS",
    "SAFE_SYMBOLS",
    "BusyError",
    "Document",
    "Field",
    "Format",
    "WrittenAs",
    "read",
]
