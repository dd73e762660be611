"""Records as text."""

import pytest

from passwords.records import as_csv, as_json, as_ndjson, as_table, defused

FIELDS = ("name", "size")


@pytest.mark.parametrize("batches", [[], [[]], [[], []]])
def test_no_record_is_an_empty_array(batches: list[list[tuple[str, int]]]) -> None:
    assert b"".join(as_json(FIELDS, batches)) == b"[]\n"


def test_records_of_several_batches_are_one_array() -> None:
    document = b"".join(as_json(FIELDS, [[], [("a", 1), ("b", 2)], [], [("c", 3)]]))

    lines = [b'{"name": "a", "size": 1}', b'{"name": "b", "size": 2}', b'{"name": "c", "size": 3}']
    assert document == b"[\n" + b",\n".join(lines) + b"\n]\n"


def test_a_batch_is_encoded_when_it_comes() -> None:
    chunks = as_ndjson(FIELDS, iter([[("a", 1)], [("b", 2)]]))

    assert next(chunks) == b'{"name": "a", "size": 1}\n'


def test_csv_quotes_what_needs_it() -> None:
    document = b"".join(as_csv(FIELDS, [[('a,"b', 1)]]))

    assert document == b'name,size\n"a,""b",1\n'


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "ana@example.test", "1=1", -1, None, 2.5])
def test_what_is_no_formula_stays_as_it_is(value: object) -> None:
    assert defused(value) is value


def test_the_columns_of_a_table_are_as_wide_as_they_need() -> None:
    lines = list(as_table([("name", "size"), ("longer", "1")]))

    assert lines == ["name    size", "longer  1"]
