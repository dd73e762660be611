"""The contract is a valid document, agrees with the domain, and describes every endpoint."""

import json
from copy import deepcopy
from dataclasses import fields
from typing import Any, Final, get_args
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate

from passwords import domain, models, owners, urls, validation
from passwords.accounts import tokens as api_tokens
from passwords.domain import alphabets, characters, passphrases, pins, strength, tokens, wordlists
from tests.api.clients import OPENAPI, SECRETS, post
from tests.api.test_contract import CONTRACT

SCHEMAS: Final = CONTRACT["components"]["schemas"]
REQUESTS: Final = {
    "characters": SCHEMAS["CharactersRequest"],
    "passphrase": SCHEMAS["PassphraseRequest"],
    "pin": SCHEMAS["PinRequest"],
    "token": SCHEMAS["TokenRequest"],
    "pattern": SCHEMAS["PatternRequest"],
}
MINIMUMS: Final = ("min_lowercase", "min_uppercase", "min_digits", "min_symbols")


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a reference leads to, or the schema itself."""
    reference = schema.get("$ref")
    found: dict[str, Any] = SCHEMAS[reference.rpartition("/")[2]] if reference else schema
    return found


def parameter(kind: str, name: str) -> dict[str, Any]:
    return resolved(REQUESTS[kind]["properties"][name])


def allows(schema: dict[str, Any], value: object) -> bool:
    whole = {**schema, "components": CONTRACT["components"]}
    return Draft202012Validator(whole).is_valid(value)


def test_the_contract_is_a_valid_openapi_document() -> None:
    validate(deepcopy(CONTRACT))  # it resolves the references in place


def test_the_contract_is_served_as_it_is_written(memory_client: Client) -> None:
    answer = memory_client.get(OPENAPI)

    assert answer["Content-Type"] == "application/json"
    assert answer.json() == CONTRACT


@pytest.mark.parametrize("prefix", ["", "/senhas", "/a/b"])
def test_the_addresses_are_right_below_any_prefix(prefix: str) -> None:
    (server,) = CONTRACT["servers"]

    root = urljoin(f"https://host{prefix}{OPENAPI}", server["url"])

    assert root == f"https://host{prefix}/"


def test_every_endpoint_is_in_the_contract() -> None:
    routes = [str(route.pattern) for route in urls.urlpatterns]

    assert set(CONTRACT["paths"]) == {
        f"/{route}".replace("<str:item_id>", "{id}").replace("<str:receipt>", "{receipt}")
        for route in routes
        if route.startswith("api/") and route != "api/"
    }


def test_every_operation_is_in_the_documentation() -> None:
    page = (settings.BASE_DIR / "docs" / "api.md").read_text()

    for path, methods in CONTRACT["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in page


def test_every_status_of_an_error_is_in_the_documentation() -> None:
    page = (settings.BASE_DIR / "docs" / "api.md").read_text()

    for methods in CONTRACT["paths"].values():
        for operation in methods.values():
            for status in operation["responses"]:
                assert status < "400" or f"| {status} |" in page


def test_every_operation_has_an_id_of_its_own() -> None:
    identifiers = [
        operation["operationId"]
        for methods in CONTRACT["paths"].values()
        for operation in methods.values()
    ]

    assert len(identifiers) == len(set(identifiers)) == 14


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_a_kind_has_the_parameters_of_its_recipe(kind: str) -> None:
    schema = REQUESTS[kind]

    assert set(schema["properties"]) == domain.parameter_names(kind) | {
        *("kind", "count", "keep", "flat", "format", "share")
    }
    assert schema["properties"]["kind"]["const"] == kind
    assert schema["additionalProperties"] is False
    size = domain.SIZE_PARAMETER.get(kind)
    assert schema.get("not") == ({"required": [size, "bits"]} if size else None)
    assert schema.get("required") == (None if kind == validation.DEFAULT_KIND else ["kind"])


@pytest.mark.parametrize("kind", domain.RECIPES)
def test_the_defaults_are_those_of_the_recipe(kind: str) -> None:
    given = {
        name: resolved(schema)["default"]
        for name, schema in REQUESTS[kind]["properties"].items()
        if "default" in resolved(schema) and name not in {"kind", "count", "keep"}
    }

    own = {field.name: field.default for field in fields(domain.RECIPES[kind])}
    assert set(own) - set(given) == (set(MINIMUMS) if kind == "characters" else set())
    assert domain.build(kind, given) == domain.build(kind, {} if kind != "token" else {"bytes": 32})


def test_the_defaults_of_the_request_are_those_of_the_form() -> None:
    assert parameter("characters", "kind")["default"] == validation.DEFAULT_KIND
    assert (
        SCHEMAS["Count"]["default"]
        == validation.SecretRequest.__dataclass_fields__["count"].default
    )
    assert SCHEMAS["GerarSenhaRequest"]["properties"]["tamanho"]["default"] == 8


@pytest.mark.parametrize(
    ("schema", "minimum", "maximum"),
    [
        (parameter("characters", "length"), characters.MIN_LENGTH, characters.MAX_LENGTH),
        (parameter("characters", "min_digits"), 0, characters.MAX_LENGTH),
        (parameter("passphrase", "words"), passphrases.MIN_WORDS, passphrases.MAX_WORDS),
        (parameter("passphrase", "insert_digits"), 0, passphrases.MAX_INSERTED),
        (parameter("pin", "length"), pins.MIN_LENGTH, pins.MAX_LENGTH),
        (parameter("token", "bytes"), tokens.MIN_BYTES, tokens.MAX_BYTES),
        (parameter("token", "bits"), strength.MIN_BITS, strength.MAX_BITS),
        (SCHEMAS["Count"], 1, validation.MAX_COUNT),
        (
            SCHEMAS["GerarSenhaRequest"]["properties"]["tamanho"]["oneOf"][0],
            characters.MIN_LENGTH,
            characters.MAX_LENGTH,
        ),
    ],
)
def test_the_ranges_are_those_of_the_domain(
    schema: dict[str, Any], minimum: int, maximum: int
) -> None:
    assert (schema["minimum"], schema["maximum"]) == (minimum, maximum)


@pytest.mark.parametrize(
    ("schema", "choices"),
    [
        (SCHEMAS["Kind"], domain.RECIPES),
        (SCHEMAS["Kind"], models.Kind.values),
        (parameter("passphrase", "wordlist"), wordlists.WORDLISTS),
        (parameter("passphrase", "capitalize"), get_args(passphrases.Capitalize)),
        (parameter("passphrase", "insert"), get_args(passphrases.Insert)),
        (parameter("token", "encoding"), tokens.ENCODINGS),
    ],
)
def test_the_choices_are_those_of_the_domain(schema: dict[str, Any], choices: list[str]) -> None:
    assert sorted(schema["enum"]) == sorted(choices)


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        (parameter("characters", "symbols"), alphabets.SYMBOLS),
        (parameter("passphrase", "separator"), passphrases.SEPARATOR_CHARACTERS),
    ],
)
def test_the_alphabets_are_those_of_the_domain(schema: dict[str, Any], allowed: str) -> None:
    signs = [chr(code) for code in range(0x180)]

    assert {sign for sign in signs if allows(schema, sign)} == set(allowed)
    assert allows(schema, "")


def test_a_separator_has_the_length_of_the_domain() -> None:
    schema = parameter("passphrase", "separator")

    assert schema["maxLength"] == passphrases.MAX_SEPARATOR_LENGTH


def test_a_set_of_separators_has_none_or_at_least_two_of_those_of_the_domain() -> None:
    schema = parameter("passphrase", "separators")

    assert schema["maxLength"] == len(passphrases.SEPARATOR_CHARACTERS)
    assert allows(schema, passphrases.SEPARATOR_CHARACTERS)
    assert allows(schema, "")
    assert not any(allows(schema, text) for text in ("-", "-a", "-é", "-\n"))


def test_all_printable_characters_may_be_excluded() -> None:
    schema = parameter("characters", "exclude")

    refused = [code for code in range(0x250) if not allows(schema, chr(code))]

    # Python also calls a few others not printable, which no schema can list for every version.
    assert refused == [*range(0x20), *range(0x7F, 0xA0)]
    assert not any(chr(code).isprintable() for code in refused)


def test_the_lookalikes_are_listed() -> None:
    description = parameter("characters", "exclude_lookalikes")["description"]

    assert set(description.removeprefix("Leave out ")) - {" "} == set(alphabets.LOOKALIKES)


def test_a_policy_is_named_and_described_as_the_model_allows() -> None:
    policy = SCHEMAS["Policy"]["properties"]

    assert policy["slug"]["maxLength"] == models.Policy.slug.field.max_length
    assert policy["name"]["maxLength"] == models.Policy.name.field.max_length
    assert SCHEMAS["PolicyRequest"]["properties"]["policy"]["pattern"] == policy["slug"]["pattern"]


def test_old_lengths_as_text_are_exactly_the_old_lengths() -> None:
    schema = SCHEMAS["GerarSenhaRequest"]["properties"]["tamanho"]

    allowed = [number for number in range(-300, 1000) if allows(schema, str(number))]

    assert allowed == list(range(characters.MIN_LENGTH, characters.MAX_LENGTH + 1))


def test_the_cookies_are_those_of_the_app() -> None:
    schemes = CONTRACT["components"]["securitySchemes"]

    assert {scheme["name"] for scheme in schemes.values() if "name" in scheme} == {
        owners.COOKIE_NAME,
        settings.SESSION_COOKIE_NAME,
    }


def test_the_scopes_are_those_of_tokens_and_all_are_explained() -> None:
    described = CONTRACT["components"]["securitySchemes"]["token"]["description"]
    used = {
        scope
        for methods in CONTRACT["paths"].values()
        for operation in methods.values()
        for alternative in operation.get("security", [])
        for scope in alternative.get("token", [])
    }

    assert used == {*api_tokens.SCOPES, f"{api_tokens.USE_POLICY}{{slug}}"}
    assert all(f"`{scope}`" in described for scope in used)


def test_the_examples_of_requests_fit_their_schemas_and_are_answered(
    memory_client: Client,
) -> None:
    for path, methods in CONTRACT["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        for body in content.values():
            for example in body["examples"].values():
                answer = post(memory_client, path, example["value"])

                assert answer.status_code in {200, 201}, answer.content
                assert allows(body["schema"], example["value"])


def test_the_examples_of_answers_fit_their_schemas() -> None:
    answers = [
        answer["content"]["application/json"]
        for methods in CONTRACT["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        if "example" in answer.get("content", {}).get("application/json", {})
    ]

    assert len(answers) == 10
    assert all(allows(answer["schema"], answer["example"]) for answer in answers)


def test_an_error_fits_the_schema_of_errors(memory_client: Client) -> None:
    answer = post(memory_client, SECRETS, {"length": 0})

    assert allows(SCHEMAS["Errors"], json.loads(answer.content))
