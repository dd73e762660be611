"""The history as rows of an export, in batches, so that memory stays constant."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from passwords.formats import defused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from passwords.formats import Row
    from passwords.models import Generation

EXPORT_FIELDS: Final = (
    *("created_at", "user", "owner_hash", "surface", "kind", "policy", "policy_version"),
    *("count", "size", "entropy_bits", "client_address"),
)
_BATCH_ROWS: Final = 2000


def export_batches(rows: Iterable[Generation], *, defuse: bool) -> Iterator[list[Row]]:
    """Yield *rows* as tuples in the order of ``EXPORT_FIELDS``, in batches.

    Args:
        rows: of the history.
        defuse: whether to quote text that a spreadsheet would take for a formula.
    """
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH_ROWS)):
        values = map(_row, batch)
        yield [tuple(map(defused, row)) for row in values] if defuse else list(values)


def timestamp(moment: datetime) -> str:
    """Return the moment as RFC 3339 writes it in UTC."""
    return moment.isoformat().replace("+00:00", "Z")


def _row(generation: Generation) -> Row:
    return (
        timestamp(generation.created_at),
        generation.user_name,
        generation.owner_hash,
        generation.channel,
        generation.kind,
        generation.policy_slug,
        generation.policy_version,
        generation.count,
        generation.size,
        generation.entropy_bits,
        generation.client_address,
    )
