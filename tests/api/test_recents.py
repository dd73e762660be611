"""Which owner's recents a request reads and deletes, and outages of the store."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client, override_settings
from pytest_django import Settings

from passwords.models import Generation
from passwords.recents import open_store
from tests.api.clients import (
    COOKIE,
    OLD_RECENTS,
    OLD_SECRETS,
    RECENTS,
    SECRETS,
    draw,
    errors,
    make_client,
    post,
    recents,
    use_redis,
    values,
)
from tests.servers import RedisServer

NewClient = Callable[[], Client]


def test_the_recents_are_the_same_objects_that_were_answered(client: Client) -> None:
    (first,) = draw(client, kind="pin")
    (second,) = draw(client, kind="token")

    assert recents(client) == [second, first]


def test_they_are_the_same_whichever_endpoint_drew_them(client: Client) -> None:
    old = post(client, OLD_SECRETS, {}).json()["senha"]
    (new,) = draw(client)

    assert values(client) == [new["value"], old]


def test_a_stranger_has_none(client: Client) -> None:
    assert recents(client) == []


def test_another_client_sees_none_of_them(new_client: NewClient) -> None:
    draw(new_client())

    other = new_client()
    draw(other, kind="pin")

    assert [secret["kind"] for secret in recents(other)] == ["pin"]


def test_one_can_be_deleted(client: Client) -> None:
    third, second, first = draw(client, count=3)

    answer = client.delete(f"{RECENTS}/{second['id']}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert recents(client) == [third, first]


def test_all_can_be_deleted(client: Client) -> None:
    draw(client, count=3)

    answer = client.delete(RECENTS)

    assert (answer.status_code, answer.content) == (204, b"")
    assert recents(client) == []


def test_a_deleted_item_is_not_found(client: Client) -> None:
    (secret,) = draw(client)
    client.delete(f"{RECENTS}/{secret['id']}")

    answer = client.delete(f"{RECENTS}/{secret['id']}")

    assert list(errors(answer, 404)) == ["id"]


@pytest.mark.parametrize("has_recents", [True, False])
def test_somebody_elses_secret_is_not_found_and_stays(
    new_client: NewClient,
    has_recents: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    owner, other = new_client(), new_client()
    (secret,) = draw(owner)
    if has_recents:
        draw(other)

    answer = other.delete(f"{RECENTS}/{secret['id']}")

    assert list(errors(answer, 404)) == ["id"]
    assert recents(owner) == [secret]


def test_a_client_without_a_cookie_deletes_nothing_of_others(new_client: NewClient) -> None:
    owner = new_client()
    (secret,) = draw(owner)

    answer = new_client().delete(RECENTS)

    assert answer.status_code == 204
    assert recents(owner) == [secret]


@pytest.mark.parametrize(
    "item_id", ["0", "0" * 32, "0" * 33, "G" * 32, "é", "%00", "%ED%A0%80", "..%2F", "a" * 5000]
)
def test_an_id_that_never_was_is_not_found(client: Client, item_id: str) -> None:
    draw(client)

    answer = client.delete(f"{RECENTS}/{item_id}")

    assert answer.status_code == 404
    assert list(answer.json()) == ["errors"]
    assert len(recents(client)) == 1


@pytest.mark.parametrize("spoil", ["change", "truncate", "unsigned", "salted", "uppercase"])
def test_a_forged_cookie_identifies_no_owner(new_client: NewClient, spoil: str) -> None:
    owner, thief = new_client(), new_client()
    draw(owner)
    genuine = owner.cookies[COOKIE].value
    identifier = genuine.partition(":")[0]
    thief.cookies[COOKIE] = {
        "change": ("1" if genuine[0] == "0" else "0") + genuine[1:],
        "truncate": genuine[:-1],
        "unsigned": identifier,
        "salted": signing.Signer(salt="another").sign(identifier),
        "uppercase": genuine.upper(),
    }[spoil]

    assert recents(thief) == []
    assert len(recents(owner)) == 1


def test_a_stranger_with_a_made_up_cookie_gets_a_genuine_one(client: Client) -> None:
    client.cookies[COOKIE] = "0" * 32

    (secret,) = draw(client)

    assert client.cookies[COOKIE].value != "0" * 32
    assert recents(client) == [secret]


def test_a_signed_in_users_recents_are_theirs_on_every_client(new_client: NewClient) -> None:
    user = User.objects.create_user("ana")
    phone, laptop = new_client(), new_client()
    phone.force_login(user)
    laptop.force_login(user)

    (secret,) = draw(phone)

    assert recents(laptop) == [secret]
    assert laptop.delete(f"{RECENTS}/{secret['id']}").status_code == 204
    assert recents(phone) == []
    assert COOKIE not in phone.cookies
    assert (Generation.objects.get().user, Generation.objects.get().owner_hash) == (user, "")


def test_one_users_recents_are_not_anothers(new_client: NewClient) -> None:
    ana, bia = new_client(), new_client()
    ana.force_login(User.objects.create_user("ana"))
    bia.force_login(User.objects.create_user("bia"))
    (secret,) = draw(ana)

    answer = bia.delete(f"{RECENTS}/{secret['id']}")

    assert recents(bia) == []
    assert answer.status_code == 404
    assert recents(ana) == [secret]


def test_signing_in_hides_the_anonymous_recents(client: Client) -> None:
    draw(client)

    client.force_login(User.objects.create_user("ana"))

    assert recents(client) == []


@override_settings(RECENTS_SCOPE="shared")
def test_shared_recents_are_read_and_deleted_without_a_cookie(new_client: NewClient) -> None:
    (secret,) = draw(new_client())
    stranger = new_client()

    listed = recents(stranger)
    answer = stranger.delete(f"{RECENTS}/{secret['id']}")

    assert listed == [secret]
    assert answer.status_code == 204
    assert recents(new_client()) == []


@override_settings(RECENTS_LIMIT=3)
def test_there_are_at_most_as_many_as_configured(client: Client) -> None:
    drawn = draw(client, count=5)

    assert recents(client) == drawn[:3]


@pytest.mark.parametrize(("count", "kept"), [(9, 9), (10, 10), (11, 10), (100, 10)])
def test_the_answer_says_how_many_are_kept(client: Client, count: int, kept: int) -> None:
    answer = post(client, SECRETS, {"count": count})

    assert (answer.json()["recents"], answer.json()["recents_kept"]) == ("kept", kept)
    assert len(recents(client)) == kept


def test_an_anonymous_client_gets_no_session(memory_client: Client) -> None:
    draw(memory_client)

    assert list(memory_client.cookies) == [COOKIE]


@pytest.fixture
def redis_that_goes(settings: Settings) -> Iterator[RedisServer]:
    """A Redis of the test's own, which the app uses."""
    with RedisServer() as server:
        use_redis(settings, server)
        yield server
    open_store.cache_clear()


@pytest.mark.django_db
def test_while_redis_is_away_secrets_are_drawn_and_recents_say_so(
    redis_that_goes: RedisServer,
) -> None:
    client = make_client()
    (kept,) = draw(client)
    redis_that_goes.kill()

    created = post(client, SECRETS, {"count": 2})
    old = post(client, OLD_SECRETS, {})

    assert created.status_code == 201
    assert created.json()["recents"] == "unavailable"
    assert created.json()["recents_kept"] == 0
    assert len(created.json()["secrets"]) == 2
    assert (old.status_code, len(old.json()["senha"])) == (200, 8)
    assert Generation.objects.count() == 3
    for answer in (
        client.get(RECENTS),
        client.get(OLD_RECENTS),
        client.delete(RECENTS),
        client.delete(f"{RECENTS}/{kept['id']}"),
    ):
        assert list(errors(answer, 503)) == ["recents"]
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_an_anonymous_visitor_sees_no_redis_outage(redis_that_goes: RedisServer) -> None:
    redis_that_goes.kill()

    answer = make_client().get(RECENTS)

    assert (answer.status_code, answer.json()) == (200, {"recents": []})
