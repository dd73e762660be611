"""A format and its options are validated by one table; errors name the field."""

import re
from typing import Any

import pytest

from passwords import formats
from passwords.domain import RecipeError

REQUIRED: dict[str, dict[str, Any]] = {
    name: {field.name: field.sample for field in wanted.fields if field.is_required}
    for name, wanted in formats.FORMATS.items()
}


@pytest.mark.parametrize("name", formats.FORMATS)
def test_the_required_fields_are_enough(name: str) -> None:
    wanted = formats.read({"as": name, **REQUIRED[name]})

    assert wanted.options.keys() == {field.name for field in wanted.format.fields}


@pytest.mark.parametrize("name", formats.FORMATS)
def test_samples_and_defaults_are_valid(name: str) -> None:
    for field in formats.FORMATS[name].fields:
        if field.type == "text":
            field.check(field.sample)
            assert field.pattern == "" or field.pattern[0] + field.pattern[-1] == "^$"
        if not field.is_required and field.default != "":
            field.check(field.default)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "as"),
        ({"as": 1}, "as"),
        ({"as": "xml"}, "as"),
        ({"as": ["env"]}, "as"),
        ({"as": "env"}, "name"),
        ({"as": "env", "name": ""}, "name"),
        ({"as": "env", "name": 1}, "name"),
        ({"as": "env", "name": "1A"}, "name"),
        ({"as": "env", "name": "A\n"}, "name"),
        ({"as": "env", "name": "A" * 254}, "name"),
        ({"as": "env", "name": "Ã"}, "name"),
        ({"as": "env", "name": "A", "key": "b"}, "key"),
        ({"as": "kubernetes", "name": "Db"}, "name"),
        ({"as": "kubernetes", "name": "db."}, "name"),
        ({"as": "kubernetes", "name": "db", "key": ".."}, "key"),
        ({"as": "kubernetes", "name": "db", "key": "a/b"}, "key"),
        ({"as": "kubernetes", "name": "db", "namespace": "a.b"}, "namespace"),
        ({"as": "kubernetes", "name": "db", "namespace": ""}, "namespace"),
        ({"as": "kubernetes", "name": "db", "user": ""}, "user"),
        ({"as": "kubernetes", "name": "db", "immutable": "true"}, "immutable"),
        ({"as": "kubernetes", "name": "db", "user": "a\x00"}, "user"),
        ({"as": "docker-secret", "name": "-db"}, "name"),
        ({"as": "tfvars", "name": "a b"}, "name"),
        ({"as": "htpasswd"}, "user"),
        ({"as": "htpasswd", "user": "a:b"}, "user"),
        ({"as": "htpasswd", "user": "#a"}, "user"),
        ({"as": "htpasswd", "user": "a", "cost": 13}, "cost"),
        ({"as": "htpasswd", "user": "a", "cost": True}, "cost"),
        ({"as": "shadow", "rounds": 999}, "rounds"),
        ({"as": "shadow", "rounds": 50_001}, "rounds"),
        ({"as": "shadow", "user": "Ana"}, "user"),
        ({"as": "postgres-scram", "user": "é"}, "user"),
        ({"as": "mysql", "user": "a'b"}, "user"),
        ({"as": "argon2id", "user": "a"}, "user"),
    ],
)
def test_a_wrong_value_names_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(RecipeError) as caught:
        formats.read(values)

    assert caught.value.field == field


def test_the_error_of_a_name_has_an_example() -> None:
    message = re.escape("must look like DB_PASSWORD and match ^[A-Za-z_]")
    with pytest.raises(RecipeError, match=message):
        formats.read({"as": "env", "name": "db-password"})


def test_a_document_does_not_show_its_text() -> None:
    document = formats.read({"as": "env", "name": "A"}).write("S3nha")

    assert "S3nha" not in repr(document)
