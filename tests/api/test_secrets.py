"""`POST /api/v1/secrets`: every kind of secret, in any number, by recipe or by policy."""

import math
import re
import string
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from passwords import domain
from passwords.formats.key_pairs import public_half
from passwords.models import Generation, Policy
from passwords.policies import queries
from tests.api.clients import POLICIES, SECRETS, draw, errors, post, values


def test_the_default_is_twenty_characters(client: Client) -> None:
    answer = post(client, SECRETS, {})

    assert answer.status_code == 201
    content = answer.json()
    assert list(content) == ["secrets", "recents", "recents_kept"]
    assert (content["recents"], content["recents_kept"]) == ("kept", 1)
    (secret,) = content["secrets"]
    assert list(secret) == ["id", "value", "kind", "entropy_bits", "created_at", "expires_at"]
    assert re.fullmatch("[0-9a-f]{32}", secret["id"])
    assert len(secret["value"]) == 20
    assert secret["kind"] == "characters"
    assert secret["entropy_bits"] == domain.CharacterRecipe().entropy_bits


def test_the_times_are_in_utc_and_a_lifetime_apart(memory_client: Client) -> None:
    before = datetime.now(UTC)

    (secret,) = draw(memory_client)

    assert secret["created_at"].endswith("Z")
    created = datetime.fromisoformat(secret["created_at"])
    assert before <= created <= datetime.now(UTC)
    assert datetime.fromisoformat(secret["expires_at"]) - created == timedelta(days=1)


@pytest.mark.parametrize(
    ("parameters", "pattern"),
    [
        ({"kind": "characters", "length": 4}, r".{4}"),
        ({"length": 256, "min_digits": 250}, r"(?:\D*\d){250}.*"),
        ({"symbols": False}, r"[a-zA-Z0-9]{20}"),
        ({"symbols": "-_", "lowercase": False, "digits": False}, r"(?=.*[-_])[A-Z_-]{20}"),
        ({"exclude": string.digits, "min_digits": 0}, r"\D{20}"),
        ({"length": 100, "exclude_lookalikes": True}, r"[^Il1|O0o'`.,:;]{100}"),
        ({"lowercase": False, "uppercase": False, "symbols": False, "bits": 40}, r"\d{13}"),
        ({"length": 20.0}, r".{20}"),
        ({"passwordrules": "maxlength: 9; required: digit; allowed: [-a]"}, r"(?=.*\d)[-a\d]{9}"),
        ({"passwordrules": "allowed: digit", "length": 8, "exclude": "0"}, r"[1-9]{8}"),
        ({"passwordrules": "allowed: digit", "bits": 40, "count": 1}, r"\d{13}"),
        ({"kind": "passphrase"}, r"[a-z]+(?:-[a-z]+){5,}"),
        (
            {"kind": "passphrase", "words": 3, "wordlist": "eff-short-1", "separator": "_"},
            r"[a-z-]+_[a-z-]+_[a-z-]+",
        ),
        (
            {"kind": "passphrase", "capitalize": "first", "insert": "digit", "separator": " "},
            r"(?=\D*\d\D*$)[A-Z][a-z-]+\d?(?: [A-Z][a-z-]+\d?){5}",
        ),
        ({"kind": "pin"}, r"\d{6}"),
        ({"kind": "pin", "length": 3, "repeats_or_runs": False}, r"(?!(\d)\1\1)\d{3}"),
        ({"kind": "pin", "bits": 25}, r"\d{8}"),
        ({"kind": "token"}, r"[\w-]{43}"),
        ({"kind": "token", "encoding": "hex", "bytes": 16}, r"[0-9a-f]{32}"),
        ({"kind": "token", "encoding": "base32", "bits": 128}, r"[A-Z2-7]{26}"),
        ({"kind": "token", "encoding": "django"}, r"[a-z0-9!@#$%^&*(_=+)-]{50}"),
    ],
)
def test_a_recipe_of_every_kind_is_followed(
    memory_client: Client, parameters: dict[str, Any], pattern: str
) -> None:
    (secret,) = draw(memory_client, **parameters)

    assert re.fullmatch(pattern, secret["value"], re.ASCII), pattern
    assert secret["kind"] == parameters.get("kind", "characters")


def test_a_uuid_is_one_of_version_4(memory_client: Client) -> None:
    (secret,) = draw(memory_client, kind="token", encoding="uuid4")

    assert uuid.UUID(secret["value"]).version == 4
    assert secret["entropy_bits"] == 122


@pytest.mark.parametrize("encoding", ["wireguard", "age", "ssh-ed25519"])
def test_a_key_pair_has_its_public_half_here_and_in_the_recents(
    client: Client, encoding: str
) -> None:
    drawn = draw(client, kind="token", encoding=encoding, count=2)

    assert [secret["public"] for secret in drawn] == [
        public_half(encoding, secret["value"]) for secret in drawn
    ]
    assert client.get("/api/v1/recents").json()["recents"] == drawn


def test_what_is_no_key_pair_has_no_public_half(memory_client: Client) -> None:
    (secret,) = draw(memory_client, kind="token", encoding="wireguard-psk")

    assert "public" not in secret


def test_identifiers_come_newest_first(memory_client: Client) -> None:
    drawn = [s["value"] for s in draw(memory_client, kind="token", encoding="uuid7", count=100)]

    assert drawn == sorted(set(drawn), reverse=True)


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_up_to_a_hundred_come_at_once_and_all_differ(memory_client: Client, kind: str) -> None:
    drawn = draw(memory_client, kind=kind, count=100, **({"length": 32} if kind == "pin" else {}))

    assert len(drawn) == 100
    assert len({secret["value"] for secret in drawn}) == 100
    assert len({secret["id"] for secret in drawn}) == 100


def test_several_are_kept_in_the_order_of_the_answer(client: Client) -> None:
    drawn = [secret["value"] for secret in draw(client, count=5)]

    assert values(client) == drawn


def test_of_too_many_the_recents_keep_the_first_of_the_answer(client: Client) -> None:
    draw(client, kind="pin")
    drawn = [secret["value"] for secret in draw(client, count=100)]

    assert values(client) == drawn[:10]


@pytest.mark.parametrize(
    ("parameters", "field", "message"),
    [
        ({"count": 0}, "count", "must be between 1 and 100"),
        ({"count": 101}, "count", "must be between 1 and 100"),
        ({"count": "5"}, "count", "must be a whole number"),
        ({"count": 1.5}, "count", "must be a whole number"),
        (
            {"kind": "nonsense"},
            "kind",
            "must be one of characters, passphrase, pin, token, pattern",
        ),
        ({"kind": ["pin"]}, "kind", "must be text"),
        (
            {"kind": "pattern", "pattern": "U}"},
            "pattern",
            "character 2: “}” has a special meaning. Write “\\}” for the character itself.",
        ),
        ({"length": "20"}, "length", "must be a whole number"),
        ({"size": 20}, "size", "is not a parameter of characters"),
        ({"words": 6}, "words", "is not a parameter of characters, but of passphrase"),
        ({"lowercase": 1}, "lowercase", "must be true or false"),
        ({"symbols": "é"}, "symbols", f"may hold only these characters: {string.punctuation}"),
        ({"digits": False, "min_digits": 1}, "min_digits", "must be 0 while digits is not chosen"),
        (
            {"length": 8, "min_digits": 8},
            "length",
            "must be at least 11, the sum of the minimums",
        ),
        (
            {"kind": "pin", "bits": 128},
            "bits",
            "cannot be reached: length allows at most 106.3 bits",
        ),
        (
            {"kind": "pin", "bits": 90, "length": 8},
            "bits",
            "takes the place of length: with length at 8 there are 26.5 bits",
        ),
        (
            {"kind": "token", "encoding": "uuid4", "bytes": 16},
            "bytes",
            "must be left out when encoding is uuid4",
        ),
        ({"policy": "nonsense"}, "policy", "is not the name of a policy"),
        ({"policy": "pin", "length": 4}, "length", "must be left out beside a policy"),
    ],
)
def test_the_field_at_fault_is_named_with_what_it_takes(
    memory_client: Client, parameters: Mapping[str, Any], field: str, message: str
) -> None:
    answer = post(memory_client, SECRETS, parameters)

    assert errors(answer, 422) == {field: [message]}


@pytest.mark.parametrize("slug", ["legacy", "wifi", "pin", "memorable-passphrase", "api-token"])
def test_a_policy_is_followed_and_recorded_with_its_version(
    memory_client: Client, slug: str
) -> None:
    policy = Policy.objects.get(slug=slug)

    (secret,) = draw(memory_client, policy=slug)

    assert secret["kind"] == policy.kind
    assert secret["entropy_bits"] == policy.recipe().entropy_bits
    row = Generation.objects.get()
    assert (row.policy, row.policy_slug, row.policy_version) == (policy, slug, policy.version)


def test_several_secrets_of_a_policy_can_be_requested(memory_client: Client) -> None:
    assert len(draw(memory_client, policy="wifi", count=3)) == 3


def test_an_inactive_policy_is_not_found(memory_client: Client) -> None:
    Policy.objects.filter(slug="wifi").update(active=False)

    listed = [policy["slug"] for policy in memory_client.get(POLICIES).json()["policies"]]
    refused = post(memory_client, SECRETS, {"policy": "wifi"})

    assert "wifi" not in listed
    assert errors(refused, 422) == {"policy": ["is not the name of a policy"]}


def test_policies_are_listed_in_their_order_with_their_strength(memory_client: Client) -> None:
    listed = memory_client.get(POLICIES).json()["policies"]

    assert [policy["slug"] for policy in listed] == [
        policy.slug for policy in Policy.objects.order_by("position", "slug")
    ]
    by_slug = {policy["slug"]: policy for policy in listed}
    assert by_slug["pin"]["parameters"] == {"length": 6, "repeats_or_runs": False}
    assert by_slug["administrator"]["entropy_bits"] >= 128
    assert math.isclose(by_slug["legacy"]["entropy_bits"], 8 * math.log2(52))


def test_a_request_is_one_row_of_history_and_holds_no_secret(memory_client: Client) -> None:
    drawn = draw(memory_client, kind="passphrase", words=5, count=7)

    row = Generation.objects.get()
    assert (row.channel, row.kind, row.count, row.size) == ("api", "passphrase", 7, 5)
    assert row.entropy_bits == drawn[0]["entropy_bits"]
    assert row.client_address is None
    assert not [secret for secret in drawn if secret["value"] in repr(vars(row))]


@override_settings(HISTORY_STORE_IP=True)
def test_the_clients_address_is_recorded_only_where_it_is_wished(memory_client: Client) -> None:
    draw(memory_client)

    assert Generation.objects.get().client_address == "127.0.0.1"


def test_a_policy_that_cannot_be_looked_up_is_a_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_slug: str) -> None:
        raise OperationalError

    monkeypatch.setattr(queries, "active_policy", fail)
    client = Client(raise_request_exception=False)

    answer = post(client, SECRETS, {"policy": "never-seen"})

    assert list(errors(answer, 503)) == ["database"]
