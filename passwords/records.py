"""Write records as a table of text, or in batches as CSV, JSON or NDJSON."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

Row = Sequence[Any]
"""The values of one record, in the order of the fields."""
Encoder = Callable[[Sequence[str], Iterable[Iterable[Row]]], Iterator[bytes]]
"""From the names of the fields and batches of rows to chunks of a document."""

# The characters that start a formula in a spreadsheet (OWASP, CSV Injection).
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(fields: Sequence[str], batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    r"""Yield a header and a line for each row (RFC 4180, but with lines that end in \n)."""
    yield _csv_lines([fields])
    for batch in batches:
        yield _csv_lines(batch)


def as_ndjson(fields: Sequence[str], batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """Yield a line with a JSON object for each row."""
    for batch in batches:
        yield b"".join(_json_object(fields, row) + b"\n" for row in batch)


def as_json(fields: Sequence[str], batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """Yield one JSON array with an object for each row."""
    before = b"[\n"
    for batch in batches:
        objects = b",\n".join(_json_object(fields, row) for row in batch)
        if objects:
            yield before + objects
            before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


ENCODERS: Final[dict[str, Encoder]] = {"csv": as_csv, "json": as_json, "ndjson": as_ndjson}
"""Every machine-readable format by its name on the command line."""


def defused(value: object) -> object:
    """Return the value; text that starts like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def as_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each row, with aligned columns two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _csv_lines(rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _json_object(fields: Sequence[str], row: Row) -> bytes:
    return json.dumps(dict(zip(fields, row, strict=True)), ensure_ascii=False).encode()
