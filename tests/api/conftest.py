"""Clients of the API, in front of either store of recents."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from passwords.recents import open_store
from tests.api.clients import make_client, use_redis


@pytest.fixture
def memory_store() -> Iterator[None]:
    """An empty store in memory."""
    open_store.cache_clear()
    yield
    open_store.cache_clear()


@pytest.fixture(params=["memory", "redis"])
def any_store(request: pytest.FixtureRequest, memory_store: None, settings: Settings) -> None:  # noqa: ARG001  # it also cleans up
    """An empty store in memory, and in another run of the test one in Redis."""
    if request.param == "redis":
        request.getfixturevalue("redis_client")
        use_redis(settings, request.getfixturevalue("redis_server"))


@pytest.fixture
def new_client(any_store: None, db: None) -> Callable[[], Client]:  # noqa: ARG001  # clients need them
    """Make clients in front of either store."""
    return make_client


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Client:
    """A client in front of either store."""
    return new_client()


@pytest.fixture
def memory_client(memory_store: None, db: None) -> Client:  # noqa: ARG001  # the client needs them
    """A client for tests to which the store makes no difference."""
    return make_client()
