"""The sealed tables, and the digest of a row, which is the same on every database."""

import hashlib
import json
import struct
from typing import Any, Final, NamedTuple

from passwords.models import AuditEntry, Generation, Journal
from passwords.moments import to_microseconds

_LEAF: Final = struct.Struct(">qq16s")
_CONTENT_BYTES: Final = 16
_CHUNK_ROWS: Final = 200
# Columns that earlier releases did not have, the last ones. They count only with a value, so that
# the seals of those releases stay valid.
_ADDED: Final = frozenset({"draft_id"})

AnyModel = type[AuditEntry] | type[Generation]

MODELS: Final[dict[Journal, AnyModel]] = {
    Journal.HISTORY: Generation,
    Journal.AUDIT: AuditEntry,
}


class Leaf(NamedTuple):
    """A row in a seal.

    Attributes:
        pk: its key.
        at: its time, in microseconds since 1970.
        content: the first 16 bytes of the SHA-256 of all columns except the key.
    """

    pk: int
    at: int
    content: bytes


def pack(leaves: list[Leaf]) -> bytes:
    """Return *leaves* as the bytes that a seal stores."""
    return b"".join(_LEAF.pack(*leaf) for leaf in leaves)


def unpack(packed: bytes) -> list[Leaf]:
    """Return the leaves in the bytes of a seal; none if the length is wrong."""
    if len(packed) % _LEAF.size:
        return []
    return [Leaf(*values) for values in _LEAF.iter_unpack(packed)]


def leaves(
    journal: Journal, *, after_pk: int, last_pk: int, limit: int | None = None
) -> list[Leaf]:
    """Return the rows of *journal* from the key after *after_pk* to *last_pk*, ordered by key."""
    model = MODELS[journal]
    columns = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001  # public
    found = model.objects.filter(pk__gt=after_pk, pk__lte=last_pk).order_by("pk")
    rows = found[:limit].values_list(*columns).iterator(chunk_size=_CHUNK_ROWS)
    return [_leaf(dict(zip(columns, row, strict=True))) for row in rows]


def _leaf(values: dict[str, Any]) -> Leaf:
    at = to_microseconds(values["created_at"])
    content = [
        at if name == "created_at" else value
        for name, value in values.items()
        if name != "id" and not (name in _ADDED and value is None)
    ]
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return Leaf(values["id"], at, digest[:_CONTENT_BYTES])
