"""`POST /api/v1/secrets` with a format: the text, and what may stand beside it."""

import base64
import re
from typing import Any

import nacl.pwhash
import pytest
import yaml
from django.test import Client

from passwords import domain, formats
from passwords.formats import choice
from passwords.formats.env import QUOTES_KEPT
from passwords.models import Policy, Share
from tests.api.clients import SECRETS, assert_untouched, draw, errors, post, recents

ENV = {"as": "env", "name": "DB_PASSWORD"}
SHADOW = {"as": "shadow"}


def test_each_secret_has_its_text_and_the_recents_its_format(client: Client) -> None:
    wanted = {"as": "kubernetes", "name": "db", "key": "token"}

    drawn = draw(client, count=2, format=wanted)

    for secret in drawn:
        assert secret["format"] == "kubernetes"
        value = yaml.safe_load(secret["text"])["data"]["token"]
        assert base64.b64decode(value).decode() == secret["value"]
    listed = recents(client)
    assert [secret["value"] for secret in listed] == [secret["value"] for secret in drawn]
    assert [secret["format"] for secret in listed] == ["kubernetes"] * 2
    assert not any("text" in secret for secret in listed)


def test_a_secret_without_a_format_names_none(memory_client: Client) -> None:
    (secret,) = draw(memory_client)

    assert not {"format", "text", "note"} & secret.keys()


def test_a_policy_is_written_in_a_format(memory_client: Client) -> None:
    (secret,) = draw(memory_client, policy="wifi", format={"as": "tfvars", "name": "wifi"})

    assert secret["text"] == f'wifi = "{secret["value"]}"'


def test_a_password_for_env_has_the_symbols_that_every_reader_takes_alike(
    memory_client: Client,
) -> None:
    recipe = domain.CharacterRecipe(length=40, symbols=formats.SAFE_SYMBOLS)

    for secret in draw(memory_client, length=40, count=20, format=ENV):
        assert secret["text"] == f"DB_PASSWORD={secret['value']}"
        assert secret["entropy_bits"] == recipe.entropy_bits
        assert "note" not in secret


@pytest.mark.parametrize("others", [{"symbols": "$"}, {"passwordrules": "required: [$]"}])
def test_a_recipe_that_names_its_symbols_keeps_them_and_the_note_tells_the_caveat(
    memory_client: Client, others: dict[str, Any]
) -> None:
    (secret,) = draw(memory_client, **others, format=ENV)

    assert "$" in secret["value"]
    assert (secret["text"], secret["note"]) == (f"DB_PASSWORD='{secret['value']}'", QUOTES_KEPT)


def test_a_policy_keeps_its_symbols_for_env(memory_client: Client) -> None:
    Policy.objects.create(name="S", slug="s", kind="characters", parameters={"symbols": "#"})

    (secret,) = draw(memory_client, policy="s", format=ENV)

    assert "#" in secret["value"]


def test_the_note_is_in_the_language_of_the_request(memory_client: Client) -> None:
    body = {"kind": "pin", "format": {"as": "docker-secret", "name": "db"}}

    answer = memory_client.post(
        SECRETS, body, content_type="application/json", headers={"accept-language": "pt-BR"}
    )

    (secret,) = answer.json()["secrets"]
    assert secret["note"].startswith("Sem quebra de linha no fim")
    assert "docker secret create db -" in secret["note"]


def test_a_link_can_have_the_secret_while_the_answer_has_only_its_hash(
    memory_client: Client,
) -> None:
    (secret,) = draw(memory_client, format={"as": "argon2id"}, share={"reveal": False})

    assert "value" not in secret
    assert secret["text"].startswith("$argon2id$")


def test_a_link_beside_the_secret_takes_any_format(memory_client: Client) -> None:
    (secret,) = draw(memory_client, format=ENV, share={})

    assert secret["text"] == f"DB_PASSWORD={secret['value']}"


def test_up_to_ten_secrets_are_hashed_at_once(memory_client: Client) -> None:
    drawn = draw(memory_client, count=10, format={"as": "argon2id"})

    for secret in drawn[:2]:
        assert nacl.pwhash.verify(secret["text"].encode(), secret["value"].encode())
    assert len({secret["text"] for secret in drawn}) == 10


@pytest.mark.parametrize("share", [{}, {"share": {}}])
def test_while_the_server_hashes_for_somebody_else_the_client_has_to_wait(
    memory_client: Client, share: dict[str, Any]
) -> None:
    with choice._hashing:
        answer = post(memory_client, SECRETS, {"format": SHADOW, **share})

    assert list(errors(answer, 429)) == ["request"]
    assert answer["Retry-After"] == "1"
    assert_untouched(memory_client)
    assert not Share.objects.exists()


@pytest.mark.parametrize("name", formats.FORMATS)
def test_every_format_is_written(memory_client: Client, name: str) -> None:
    if name == "htpasswd":
        pytest.importorskip("bcrypt")
    required = {f.name: f.sample for f in formats.FORMATS[name].fields if f.is_required}

    (secret,) = draw(
        memory_client, kind="token", encoding="base32", format={"as": name, **required}
    )

    assert len(secret["text"]) >= 3
    assert (secret["value"] in secret["text"]) == (
        not formats.FORMATS[name].is_one_way and name != "kubernetes"
    )


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"format": None}, "format", "null"),
        ({"format": "env"}, "format", "must be a JSON object"),
        ({"format": []}, "format", "must be a JSON object"),
        ({"format": {}}, "format.as", "must be given"),
        ({"format": {"as": None}}, "format.as", "must be text"),
        ({"format": {"as": "xml"}}, "format.as", "must be one of env, "),
        ({"format": {"as": "env"}}, "format.name", "must be given"),
        ({"format": {"as": "env", "name": None}}, "format.name", "must be text"),
        ({"format": {"as": "env", "name": {}}}, "format.name", "must be text"),
        ({"format": {"as": "env", "name": "a-b"}}, "format.name", "must look like DB_PASSWORD"),
        ({"format": {"as": "env", "name": "a\x00"}}, "format.name", "printable"),
        ({"format": {"as": "env", "name": "\ud800"}}, "format.name", "printable"),
        ({"format": {**ENV, "key": "a"}}, "format.key", "is not a parameter of env"),
        ({"format": {**ENV, "\ud800": "a"}}, "body", "printable"),
        ({"format": {**ENV, "name": "A" * 9999}}, "format.name", "at most 253"),
        ({"format": ENV, "flat": "password"}, "flat", "must be left out beside format"),
        ({"format": ENV, "share": {"reveal": False}}, "format.as", "one-way"),
        ({"format": SHADOW, "count": 11}, "count", "at most 10"),
        ({"format": ENV, "count": 101}, "count", "between 1 and 100"),
        ({"format": ENV, "exclude": formats.SAFE_SYMBOLS}, "exclude", "leaves no character"),
        ({"format": {"as": "wifi", "network": "x"}, "length": 64}, "format.as", "8 to 63"),
        (
            {"format": {"as": "otpauth", "issuer": "a", "account": "b"}},
            "format.as",
            "takes only tokens in Base32",
        ),
        # What is drawn in place of these bytes is longer.
        (
            {"format": SHADOW, "kind": "token", "encoding": "ssh-ed25519"},
            "format.as",
            "takes secrets of at most 256 bytes",
        ),
        (
            {"format": SHADOW, "kind": "token", "encoding": "ssh-ed25519", "share": {}},
            "format.as",
            "takes secrets of at most 256 bytes",
        ),
    ],
)
def test_bad_input_names_its_field_and_nothing_is_drawn(
    memory_client: Client, body: dict[str, Any], field: str, message: str
) -> None:
    ((found, (text,)),) = errors(post(memory_client, SECRETS, body), 422).items()

    assert (found, bool(re.search(re.escape(message), text))) == (field, True), text
    assert_untouched(memory_client)
