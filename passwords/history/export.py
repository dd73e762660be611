"""Export the history in batches, with constant memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter
from typing import Final

from passwords.models import Generation
from passwords.moments import timestamp
from passwords.records import Row, defused

EXPORT_FIELDS: Final = (
    *("created_at", "user", "owner_hash", "surface", "kind", "policy", "policy_version"),
    *("count", "size", "entropy_bits", "client_address"),
)
# The attributes of ``Generation`` for these fields, after created_at.
_other_values: Final = attrgetter(
    *("user_name", "owner_hash", "channel", "kind", "policy_slug", "policy_version"),
    *("count", "size", "entropy_bits", "client_address"),
)
_BATCH_ROWS: Final = 2000


def export_batches(rows: Iterable[Generation], *, defuse: bool) -> Iterator[list[Row]]:
    """Yield *rows* as tuples in the order of ``EXPORT_FIELDS``, in batches.

    With *defuse*, text that a spreadsheet would run as a formula is quoted.
    """
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH_ROWS)):
        values = map(_row, batch)
        yield [tuple(map(defused, row)) for row in values] if defuse else list(values)


def _row(generation: Generation) -> Row:
    return (timestamp(generation.created_at), *_other_values(generation))
