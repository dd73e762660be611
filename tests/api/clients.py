"""Requests to the API, and what its responses hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.test import Client

from giropops.conf.stores import RedisLocation, redis_cache
from passwords.models import Generation
from passwords.recents import open_store
from tests.servers import HOST

if TYPE_CHECKING:
    # What django-stubs calls the answer of a test client.
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
    from pytest_django import Settings

    from tests.servers import RedisServer

OLD_SECRETS: Final = "/api/gerar-senha"
OLD_RECENTS: Final = "/api/senhas"
SECRETS: Final = "/api/v1/secrets"
RECENTS: Final = "/api/v1/recents"
POLICIES: Final = "/api/v1/policies"
SHARES: Final = "/api/v1/shares"
SHARE_STATUS: Final = "/api/v1/shares/status"
SHARE_OPEN: Final = "/api/v1/shares/open"
OPENAPI: Final = "/api/v1/openapi.json"

COOKIE: Final = "giropops_owner"


def make_client() -> Client:
    """Return a client with cookies of its own, which reads English and has no CSRF token."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def post(client: Client, path: str, body: object) -> Answer:
    """Post *body*, as it is when it is bytes and else as JSON; return the answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    # Through `generic`, which unlike `post` also sends the type of an empty body.
    headers = {"Content-Type": "application/json"}
    return client.generic("POST", path, content, content_type="application/json", headers=headers)


def errors(answer: Answer, status: int) -> dict[str, list[str]]:
    """Return the messages by field; the answer has *status* and holds nothing else."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    content: dict[str, Any] = answer.json()
    assert list(content) == ["errors"]
    messages: dict[str, list[str]] = content["errors"]
    return messages


def recents(client: Client) -> list[dict[str, Any]]:
    """Return what the client sees at `RECENTS`."""
    listed: list[dict[str, Any]] = client.get(RECENTS).json()["recents"]
    return listed


def values(client: Client) -> list[str]:
    """Return the secrets that the client sees at `RECENTS`."""
    return [secret["value"] for secret in recents(client)]


def draw(client: Client, **parameters: object) -> list[dict[str, Any]]:
    """Return the secrets that the client draws with *parameters*."""
    answer = post(client, SECRETS, parameters)
    assert answer.status_code == 201, answer.content
    drawn: list[dict[str, Any]] = answer.json()["secrets"]
    return drawn


def assert_untouched(client: Client) -> None:
    """Assert that nothing is kept for the client, and nothing was recorded for anybody."""
    assert recents(client) == []
    assert not Generation.objects.exists()


def use_redis(settings: Settings, server: RedisServer) -> None:
    """Let the app keep its recents in *server*."""
    location = RedisLocation(url=f"redis://{HOST}:{server.port}/0", password=server.password or "")
    settings.CACHES = {**settings.CACHES, "recents": redis_cache(location)}
    open_store.cache_clear()
