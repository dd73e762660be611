"""A Kubernetes Secret holds the secret, and nothing in it is anything but text."""

from typing import Any

import kubernetes_validate
import pytest

from passwords import domain, formats
from passwords.domain.errors import NotBesideError
from tests.formats.readers import manifest, written


def _object(**options: Any) -> Any:
    found = manifest(written("kubernetes", "S3nha", **options).text)
    kubernetes_validate.validate(found, "1.29", strict=True)
    return found


def test_the_manifest_is_a_secret_with_the_value_in_base64() -> None:
    assert written("kubernetes", "S3nha", name="db").text.splitlines() == [
        "apiVersion: v1",
        "kind: Secret",
        "metadata:",
        "  name: db",
        "type: Opaque",
        "data:",
        "  password: UzNuaGE=",
    ]


def test_the_options_are_in_the_manifest() -> None:
    found = _object(name="db", namespace="prod", key="token", user="ana", immutable=True)

    assert found["metadata"] == {"name": "db", "namespace": "prod"}
    assert found["immutable"] is True
    assert found["type"] == "Opaque"
    assert found["data"] == {"username": "YW5h", "token": "UzNuaGE="}


def test_a_user_and_a_password_are_of_the_type_basic_auth() -> None:
    assert _object(name="db", user="José")["type"] == "kubernetes.io/basic-auth"


@pytest.mark.parametrize("word", ["no", "on", "null", "1e5", "123", "2026-01-31", "0x1f", "1.5"])
def test_names_that_yaml_takes_for_something_else_are_quoted(word: str) -> None:
    text = written("kubernetes", "S3nha", name=word, key=word).text

    assert f'  name: "{word}"\n' in text
    assert f'  "{word}": ' in text
    assert _object(name=word, key=word)["data"] == {word: "UzNuaGE="}


def test_a_value_in_base64_that_begins_with_a_digit_is_quoted() -> None:
    text = written("kubernetes", "S3nha", name="db", user="Ольга").text

    assert 'username: "0J7Qu9GM0LPQsA=="' in text


def test_the_key_of_the_user_is_not_that_of_the_secret() -> None:
    wanted = formats.read({"as": "kubernetes", "name": "db", "user": "ana", "key": "username"})

    with pytest.raises(NotBesideError, match="user"):
        wanted.check(domain.CharacterRecipe())
