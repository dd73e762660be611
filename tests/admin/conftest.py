"""What the tests of the admin share: somebody for each role, and a row of everything."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import translation

from passwords import domain, history
from passwords.accounts import tokens
from passwords.accounts.tokens import CreatedToken
from passwords.models import Channel, Generation, Policy
from passwords.recents import open_store
from tests.sharing.conftest import make_link  # noqa: F401  # a fixture

SignIn = Callable[[str], Client]

ROLES = ("anonymous", "visitor", "operador", "gestor", "superuser")
"""Anonymous, a user who is no staff, a member of each group, and a superuser."""


@pytest.fixture(autouse=True)
def _english(db: None, settings: object) -> Iterator[None]:  # noqa: ARG001  # both only set up
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_store() -> Iterator[None]:
    """Count the tries of one test only: the store counts them."""
    open_store.cache_clear()
    yield
    open_store.cache_clear()


@pytest.fixture
def sign_in() -> SignIn:
    """Return a client that is signed in as one of ``ROLES``."""

    def sign_in_as(role: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        if role == "anonymous":
            return client
        user, created = User.objects.get_or_create(
            username=role, is_staff=role != "visitor", is_superuser=role == "superuser"
        )
        group = {"operador": "operadores", "gestor": "gestores"}.get(role)
        if created and group:
            user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return client

    return sign_in_as


@pytest.fixture
def boss(sign_in: SignIn) -> Client:
    """A client that is signed in as a superuser."""
    return sign_in("superuser")


@pytest.fixture
def gestor(sign_in: SignIn) -> Client:
    """A client that is signed in as one who edits policies."""
    return sign_in("gestor")


@pytest.fixture
def operador(sign_in: SignIn) -> Client:
    """A client that is signed in as one who reads the history."""
    return sign_in("operador")


def make_token(user: User) -> CreatedToken:
    """Return a new API token of *user*."""
    scopes = [tokens.DRAW]
    return tokens.create(user=user, name="ci", scopes=scopes, channel=Channel.COMMAND, by=None)


@pytest.fixture
def wifi() -> Policy:
    """A policy of passwords."""
    return Policy.objects.get(slug="wifi")


@pytest.fixture
def row() -> Generation:
    """A row of the history."""
    recipe = domain.build("pin", {})
    history.record(recipe=recipe, owner=None, channel=Channel.COMMAND, count=3)
    return Generation.objects.get()
