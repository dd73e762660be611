"""What the tests of the page share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from passwords.presentation.page_cache import _cache_of
from passwords.recents import RecentsUnavailableError, open_store
from tests.web.reading import Reading, read

Visit = Callable[..., Reading]


@pytest.fixture(autouse=True)
def _fresh_store(db: None) -> Iterator[None]:  # noqa: ARG001  # the page reads policies
    """Give every test recents, presets and settings of its own."""
    open_store.cache_clear()
    _cache_of.cache_clear()
    yield
    open_store.cache_clear()


@pytest.fixture
def get(client: Client) -> Visit:
    """Get the page."""
    return lambda path="/", **options: read(client.get(path, **options))


@pytest.fixture
def post(client: Client) -> Visit:
    """Send a form to the page."""

    def send(path: str = "/", **values: Any) -> Reading:
        return read(client.post(path, values))

    return send


@pytest.fixture
def store_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the store of the recents be away."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise RecentsUnavailableError

    for method in ("add", "list", "remove", "clear"):
        monkeypatch.setattr(open_store(), method, fail)
