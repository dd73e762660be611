"""`manage.py recents`: listing owners and deleting their recent secrets, on a real Redis."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.utils import timezone
from django_redis import get_redis_connection
from pytest_django import Settings

from giropops.conf.environment import key_ring
from giropops.conf.stores import RedisLocation, redis_cache
from passwords.recents import Owner, RecentItem, RecentsStore, new_item_id, open_store
from passwords.recents.items import SHARED_OWNER
from tests.management import program
from tests.management.conftest import Call
from tests.servers import free_port

STRANGER = Owner.anonymous("0123456789abcdef" * 2)
SECRET = "correct-horse"  # what must not be shown


@pytest.fixture
def store(settings: Settings, redis_url: str) -> Iterator[RecentsStore]:
    """The store that the commands open, in a Redis that is empty."""
    settings.CACHES = {**settings.CACHES, "recents": redis_cache(RedisLocation(redis_url, ""))}
    open_store.cache_clear()
    yield open_store()
    get_redis_connection("recents").connection_pool.disconnect()
    open_store.cache_clear()


@pytest.fixture
def ana(db: None) -> Owner:  # noqa: ARG001  # the user is in the database
    user = get_user_model().objects.create_user("ana")
    return Owner.user(user.pk, "ana")


def _keep(store: RecentsStore, owner: Owner, *, minutes_ago: int = 0) -> RecentItem:
    created_at = timezone.now() - timedelta(minutes=minutes_ago)
    item = RecentItem(
        item_id=new_item_id(),
        value=SECRET,
        kind="passphrase",
        entropy_bits=77.5,
        created_at=created_at,
        expires_at=created_at + timedelta(days=1),
    )
    store.add(owner, [item])
    return item


def test_the_list_has_a_line_for_each_owner(call: Call, store: RecentsStore, ana: Owner) -> None:
    _keep(store, ana, minutes_ago=90)
    _keep(store, ana, minutes_ago=61)
    _keep(store, STRANGER)

    stdout, _ = call("recents", "list")

    head, *lines = stdout.splitlines()
    assert head.split() == ["owner", "items", "age", "of", "the", "newest"]
    items = {owner: (count, age) for owner, count, age in map(str.split, lines)}
    assert items.keys() == {STRANGER.list_names[0], ana.list_names[0]}
    assert items[STRANGER.list_names[0]][0] == "1"
    assert items[ana.list_names[0]][0] == "2"
    assert items[ana.list_names[0]][1].startswith("1:01:")
    assert STRANGER.key not in stdout


def test_a_user_s_list_has_a_line_for_each_item(
    call: Call, store: RecentsStore, ana: Owner
) -> None:
    _keep(store, STRANGER)
    item = _keep(store, ana, minutes_ago=60)

    stdout, _ = call("recents", "list", "--user", "ana")

    _, line = stdout.splitlines()
    item_id, kind, bits, age, left = line.split()
    assert (item_id, kind, bits) == (item.item_id, "passphrase", "77.5")
    assert age.startswith("1:00:")
    assert left.startswith("22:59:")


def test_no_list_shows_a_secret(call: Call, store: RecentsStore, ana: Owner) -> None:
    _keep(store, ana)

    written = [*call("recents", "list"), *call("recents", "list", "--user", "ana")]

    assert SECRET not in "".join(written)


def test_an_owner_whose_items_cannot_be_decrypted_is_not_listed(
    call: Call, store: RecentsStore, settings: Settings
) -> None:
    _keep(store, STRANGER)
    settings.RECENTS_KEYS = [bytes(32)]
    open_store.cache_clear()

    stdout, _ = call("recents", "list")

    assert len(stdout.splitlines()) == 1


def test_clearing_a_user_leaves_the_others(call: Call, store: RecentsStore, ana: Owner) -> None:
    _keep(store, ana)
    _keep(store, STRANGER)

    stdout, stderr = call("recents", "clear", "--user", "ana")

    assert store.list(ana) == []
    assert len(store.list(STRANGER)) == 1
    assert (stdout, stderr) == ("", "The recents of 1 owner are cleared.\n")


def test_clearing_all_includes_users_and_anonymous_visitors(
    call: Call, store: RecentsStore, ana: Owner
) -> None:
    _keep(store, ana)
    _keep(store, STRANGER)

    _, stderr = call("recents", "clear", "--all")

    assert list(store.owners()) == []
    assert stderr == "The recents of 2 owners are cleared.\n"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("action", ["list", "clear"])
def test_an_unknown_user_is_a_bad_request(call: Call, db: None, action: str) -> None:  # noqa: ARG001  # looked up in the database
    with pytest.raises(CommandError, match=r"^--user: ") as caught:
        call("recents", action, "--user", "nobody")

    assert caught.value.returncode == 2


@pytest.mark.usefixtures("ana")
def test_a_shared_list_belongs_to_no_user(
    call: Call, store: RecentsStore, settings: Settings
) -> None:
    settings.RECENTS_SCOPE = "shared"
    _keep(store, SHARED_OWNER)

    with pytest.raises(CommandError, match=r"^--user: .*RECENTS_SCOPE=shared") as caught:
        call("recents", "clear", "--user", "ana")

    assert caught.value.returncode == 2
    assert [owner.list_names for owner in store.owners()] == [SHARED_OWNER.list_names]


def test_clear_needs_an_owner(no_database: dict[str, str]) -> None:
    ended = program.run("recents", "clear", own=no_database)

    assert ended.returncode == 2
    assert ended.stderr == "one of the arguments --user --all --flask-list is required\n"


@pytest.mark.parametrize("arguments", [("list",), ("clear", "--all")])
def test_redis_away_is_one_line_and_exit_code_1(
    no_database: dict[str, str], arguments: tuple[str, ...]
) -> None:
    own = {**no_database, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}

    ended = program.run("recents", *arguments, own=own)

    assert ended.returncode == 1
    assert (ended.stdout, ended.stderr) == ("", "Redis does not respond, or refuses the command.\n")


def test_without_redis_it_reports_that_there_is_nothing_to_list(
    no_database: dict[str, str],
) -> None:
    ended = program.run("recents", "list", own=no_database)

    assert ended.returncode == 1
    assert ended.stderr.startswith("Without Redis the recents are in the memory of the server's")
    assert ended.stderr.count("\n") == 1


def test_a_new_key_is_one_that_the_settings_take(call: Call) -> None:
    first, second = (call("recents", "new-key")[0].strip() for _ in range(2))

    assert first != second
    assert [len(key) for key in key_ring(f"{first},{second}")] == [32, 32]


def test_reencrypting_brings_all_items_to_the_first_key(
    call: Call, store: RecentsStore, ana: Owner, settings: Settings
) -> None:
    items = [_keep(store, owner) for owner in (ana, STRANGER)]
    old, new = settings.RECENTS_KEYS[0], b"0123456789abcdefghijklmnopqrstuv"

    settings.RECENTS_KEYS = [new, old]
    open_store.cache_clear()
    first = call("recents", "reseal")[1]
    second = call("recents", "reseal")[1]
    settings.RECENTS_KEYS = [new]
    open_store.cache_clear()

    assert first.startswith("2 items are now encrypted")
    assert second == (
        "0 items are now encrypted with the first key.\n"
        "0 one-time links are now encrypted with the first key.\n"
    )
    assert [open_store().list(owner) for owner in (ana, STRANGER)] == [[item] for item in items]


@pytest.mark.django_db
def test_links_are_reencrypted_without_redis_too(call: Call) -> None:
    assert call("recents", "reseal") == (
        "",
        "0 one-time links are now encrypted with the first key.\n",
    )


@pytest.mark.usefixtures("store")
def test_the_list_of_the_flask_app_is_deleted_unread(call: Call) -> None:
    redis = get_redis_connection("recents")
    redis.rpush("senhas", SECRET, SECRET)

    first = call("recents", "clear", "--flask-list")
    second = call("recents", "clear", "--flask-list")

    assert redis.exists("senhas") == 0
    assert first == ("", "The Flask app's list is deleted.\n")
    assert second == ("", "There is no list of the Flask app.\n")


def test_it_deletes_nobody_s_recents(call: Call, store: RecentsStore) -> None:
    _keep(store, STRANGER)

    call("recents", "clear", "--flask-list")

    assert len(store.list(STRANGER)) == 1


@pytest.mark.usefixtures("store")
def test_what_is_no_list_is_not_the_flask_app_s(call: Call) -> None:
    redis = get_redis_connection("recents")
    redis.set("senhas", "somebody else's")

    call("recents", "clear", "--flask-list")

    assert redis.get("senhas") == b"somebody else's"


def test_deleting_the_flask_list_fails_with_one_line_without_an_answer() -> None:
    ended = program.run(
        *("recents", "clear", "--flask-list"),
        own={"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(free_port())},
    )

    assert (ended.returncode, ended.stderr) == (
        1,
        "Redis does not respond, or refuses the command.\n",
    )
