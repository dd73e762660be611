"""How much a request may use the stores: one round trip to read, one to write, and one INSERT."""

from typing import Any

import pytest
import redis
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.api.clients import OLD_RECENTS, OLD_SECRETS, SECRETS, make_client, post, use_redis
from tests.servers import RedisServer

READ, WRITE = "ZREVRANGE", "EVAL"


@pytest.fixture
def owner(
    memory_store: None,  # noqa: ARG001  # it also cleans up
    db: None,  # noqa: ARG001  # the client needs it
    redis_server: RedisServer,
    redis_client: redis.Redis,  # noqa: ARG001  # empties it
    settings: Settings,
) -> Client:
    """Somebody with a recent secret in Redis."""
    use_redis(settings, redis_server)
    client = Client()
    post(client, OLD_SECRETS, {"tamanho": 12})
    return client


def send(client: Client, method: str, path: str) -> None:
    """Get the page, or post as a form does and as a script."""
    if method == "GET":
        client.get(path)
    elif path == "/":
        client.post(path, {"tamanho": 12})
    else:
        post(client, path, {})


def redis_commands(redis_client: redis.Redis, client: Client, method: str, path: str) -> list[str]:
    """Send the request; return the commands that Redis received outside of scripts."""
    untyped: Any = redis_client
    with untyped.monitor() as monitor:
        redis_client.echo("begin")
        send(client, method, path)
        redis_client.echo("end")
        seen: list[str] = []
        while seen.count("ECHO") < 2:  # at the begin and at the end
            command = monitor.next_command()
            if command["client_type"] != "lua":
                seen.append(command["command"].split()[0].upper())
    return seen[seen.index("ECHO") + 1 : -1]


@pytest.mark.parametrize(
    ("method", "path", "commands"),
    [
        ("POST", OLD_SECRETS, [WRITE]),
        ("POST", SECRETS, [WRITE]),
        ("POST", "/", [WRITE]),
        ("GET", OLD_RECENTS, [READ]),
        ("GET", "/", [READ]),
        ("GET", "/?kind=pin", [READ]),
        ("GET", "/healthz", []),
    ],
)
def test_a_request_costs_redis_one_round_trip_to_read_and_one_to_write(
    owner: Client, redis_client: redis.Redis, method: str, path: str, commands: list[str]
) -> None:
    assert redis_commands(redis_client, owner, method, path) == commands


def test_the_page_of_an_anonymous_visitor_needs_no_redis_command(
    owner: Client,  # noqa: ARG001  # Redis is in use
    redis_client: redis.Redis,
) -> None:
    assert redis_commands(redis_client, make_client(), "GET", "/") == []


@pytest.mark.parametrize(
    ("method", "path", "writes"),
    [
        ("POST", OLD_SECRETS, ["INSERT"]),
        ("POST", SECRETS, ["INSERT"]),
        ("POST", "/", ["INSERT"]),
        ("GET", "/", []),
        ("GET", OLD_RECENTS, []),
        ("GET", "/healthz", []),
    ],
)
def test_a_request_writes_one_row_at_most(
    owner: Client, method: str, path: str, writes: list[str]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        send(owner, method, path)

    verbs = [query["sql"].split()[0] for query in queries]
    assert [verb for verb in verbs if verb != "SELECT"] == writes
