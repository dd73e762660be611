"""The External Secrets Operator, played by this test, makes a Secret with exactly a password."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from giropops.conf.environment import hosts
from passwords.accounts import tokens
from passwords.models import Channel, Generation
from tests.deploy.kustomizing import Resource, render
from tests.deploy.test_kubernetes import KUBERNETES, VERSIONS, WEB, one
from tests.live import ROOT

FOLDER: Final = ROOT / "deploy" / "external-secrets"
LABEL: Final = {"external-secrets.io/type": "webhook"}
# The fields of the custom resources (external-secrets 0.16, config/crds/bases).
WEBHOOK_FIELDS: Final = {
    *("body", "caBundle", "caProvider", "headers", "method", "result", "secrets", "timeout", "url")
}
TARGET_FIELDS: Final = {
    *("name", "creationPolicy", "deletionPolicy", "immutable", "manifest", "template")
}

pytestmark = pytest.mark.django_db


def read(name: str) -> list[Resource]:
    return list(yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8")))


GENERATOR, EXTERNAL_SECRET = read("database-password.yaml")
(TOKEN,) = read("token.example.yaml")
(NETWORK_POLICY,) = read("networkpolicy.yaml")


class OperatorError(Exception):
    """What the operator writes into the status of the ExternalSecret."""


def secret_data(generator: Resource, secret: Resource, client: Client) -> dict[str, bytes]:
    """Return the data of the Secret, made as `GetSecretMap` of the operator's webhook does."""
    spec = generator["spec"]
    (source,) = spec["secrets"]
    if secret["metadata"]["name"] != source["secretRef"]["name"]:
        raise OperatorError
    if secret["metadata"].get("labels") != LABEL:
        raise OperatorError
    values = {source["name"]: secret["stringData"]}
    url = urlsplit(spec["url"])
    answer = client.generic(
        spec.get("method", "GET"),
        url.path,
        rendered(spec["body"], values),
        headers={name: rendered(text, values) for name, text in spec["headers"].items()},
        content_type=spec["headers"]["Content-Type"],
        SERVER_NAME=url.hostname,
        SERVER_PORT=str(url.port),
    )
    if not 200 <= answer.status_code < 300:
        raise OperatorError(answer.status_code)
    found = json_path(spec["result"]["jsonPath"], answer.json())
    if not isinstance(found, dict):
        raise OperatorError
    return {name: as_bytes(value) for name, value in found.items()}


def rendered(template: str, values: dict[str, dict[str, str]]) -> str:
    """Return the text of a Go template, of which only fields are known here."""
    text = re.sub(r"\{\{ *\.(\w+)\.(\w+) *\}\}", lambda found: values[found[1]][found[2]], template)
    assert "{{" not in text
    return text


def json_path(path: str, content: Any) -> Any:
    """Return what `$`, `.name` and `[0]` lead to."""
    assert re.fullmatch(r"\$(\.\w+|\[\d+\])*", path)
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        content = content[name] if name else content[int(index)]
    return content


def as_bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else str(value).encode()


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.API_REQUIRES_TOKEN = True
    settings.ALLOWED_HOSTS = hosts("giropops-senhas.giropops-prod.svc")
    return Client()


def token_secret(*scopes: str) -> Resource:
    """Return the Secret that docs/automation.md makes, with a token of these scopes."""
    user, _created = User.objects.get_or_create(username="ana")
    made = tokens.create(user=user, name="eso", scopes=scopes, channel=Channel.COMMAND, by=None)
    return {**TOKEN, "stringData": {"token": made.text}}


def test_the_secret_has_exactly_a_password_and_each_refresh_another_one(client: Client) -> None:
    secret = token_secret("policies:use:database-account")

    first, second = (secret_data(GENERATOR, secret, client) for _ in range(2))

    assert list(first) == ["password"]
    assert re.fullmatch(rb"[0-9A-Za-z]{32}", first["password"])
    assert first != second
    (row, _other) = Generation.objects.all()
    assert (row.policy_slug, row.channel, row.user_name) == ("database-account", "api", "ana")


def test_without_flat_the_secret_has_the_other_members_too(client: Client) -> None:
    secret = token_secret("policies:use:database-account")
    spec = GENERATOR["spec"] | {
        "body": '{"policy": "database-account", "keep": false}',
        "result": {"jsonPath": "$.secrets[0]"},
    }

    data = secret_data({"spec": spec}, secret, client)

    assert set(data) == {"id", "value", "kind", "entropy_bits", "created_at", "expires_at"}


@pytest.mark.parametrize(
    ("scope", "label", "status"),
    [
        ("policies:use:wifi", LABEL, 403),
        ("policies:use:database-account", {}, None),
    ],
)
def test_another_token_or_a_secret_without_the_label_makes_none(
    client: Client, scope: str, label: dict[str, str], status: int | None
) -> None:
    secret = token_secret(scope)
    secret["metadata"] = {**secret["metadata"], "labels": label}

    with pytest.raises(OperatorError) as caught:
        secret_data(GENERATOR, secret, client)

    assert caught.value.args == ((status,) if status else ())
    assert not Generation.objects.exists()


def test_the_token_of_the_example_is_none() -> None:
    assert not tokens.is_well_formed(TOKEN["stringData"]["token"])


def test_the_resources_have_the_fields_of_their_types() -> None:
    assert GENERATOR["apiVersion"] == "generators.external-secrets.io/v1alpha1"
    assert set(GENERATOR["spec"]) <= WEBHOOK_FIELDS
    assert EXTERNAL_SECRET["apiVersion"] == "external-secrets.io/v1"
    assert set(EXTERNAL_SECRET["spec"]) == {"refreshPolicy", "target", "dataFrom"}
    assert set(EXTERNAL_SECRET["spec"]["target"]) <= TARGET_FIELDS
    for version in VERSIONS:
        for resource in (TOKEN, NETWORK_POLICY):
            kubernetes_validate.validate(resource, version, strict=True)


def test_the_secret_is_drawn_once_from_this_generator() -> None:
    assert EXTERNAL_SECRET["spec"]["refreshPolicy"] == "CreatedOnce"
    (source,) = EXTERNAL_SECRET["spec"]["dataFrom"]
    assert source["sourceRef"]["generatorRef"] == {
        "apiVersion": GENERATOR["apiVersion"],
        "kind": GENERATOR["kind"],
        "name": GENERATOR["metadata"]["name"],
    }


def test_the_operator_reaches_the_service_of_production() -> None:
    resources = render(KUBERNETES / "overlays" / "prod")
    service = one(resources, "Service")
    url = urlsplit(GENERATOR["spec"]["url"])

    name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
    assert url.hostname == f"{name}.{namespace}.svc"
    assert url.port in {port["port"] for port in service["spec"]["ports"]}
    assert NETWORK_POLICY["spec"]["podSelector"]["matchLabels"] == WEB
    (rule,) = NETWORK_POLICY["spec"]["ingress"]
    own = one(resources, "NetworkPolicy")["spec"]["ingress"][0]
    assert rule["ports"] == own["ports"]
