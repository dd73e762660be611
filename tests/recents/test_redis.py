"""What Redis itself holds, and what happens when it is away."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import redis
from django.test import override_settings
from pytest_django import Settings

from giropops.conf.stores import REDIS_MAX_CONNECTIONS, RedisLocation, redis_cache
from passwords.recents import Owner, RecentItem, RecentsUnavailableError, new_item_id
from passwords.recents.connection import connect
from passwords.recents.encryption import KeyRing
from passwords.recents.fingerprints import KeyComparison
from passwords.recents.redis import RedisRecents
from tests.live import ROOT
from tests.recents.conftest import ANA, BIA, LIFETIME, LIMIT, Clock, key_of
from tests.servers import RedisServer

MakeItem = Callable[[str], RecentItem]
KEY = key_of(ANA)
WRITERS = 8
WRITES_EACH = 50


@pytest.fixture
def store(redis_client: redis.Redis, ring: KeyRing, clock: Clock) -> RedisRecents:
    """A store in the run's Redis."""
    return RedisRecents(lambda: redis_client, ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)


@pytest.fixture
def own_server() -> Iterator[RedisServer]:
    """A Redis that the test may stop, pause and break."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def own_store(own_server: RedisServer, ring: KeyRing) -> Iterator[RedisRecents]:
    """A store as the app makes it, with its timeouts, in a Redis of the test's own."""
    caches = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "recents": redis_cache(RedisLocation(url=own_server.url, password="")),
    }
    with override_settings(CACHES=caches):
        yield RedisRecents(partial(connect, "recents"), ring=ring, limit=LIMIT, lifetime=LIFETIME)


def a_fresh_item(value: str = "secret") -> RecentItem:
    now = datetime.now(UTC)
    return RecentItem(
        item_id=new_item_id(),
        value=value,
        kind="pin",
        entropy_bits=20.0,
        created_at=now,
        expires_at=now + LIFETIME,
    )


def test_redis_never_sees_the_secret(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    store.add(ANA, [make_item("plaintext")])

    dumped = redis_client.dump(KEY)

    assert isinstance(dumped, bytes)
    assert b"plaintext" not in dumped


def test_redis_never_contains_the_identity_of_the_owner(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    for owner in (ANA, BIA):
        store.add(owner, [make_item("anything")])

    untyped: Any = redis_client
    keys = untyped.keys()
    seen = b" ".join([*keys, *(untyped.dump(key) for key in keys)])
    assert len(keys) == 2
    for identity in (ANA.key, BIA.key, ANA.key.removeprefix("anonymous:"), "user", "anonymous"):
        assert identity.encode() not in seen


def test_what_a_user_had_before_a_new_secret_key_is_read_and_removed_with_the_rest(
    store: RedisRecents, make_item: MakeItem, settings: Settings
) -> None:
    old, other = make_item("old"), make_item("other")
    store.add(BIA, [old, other])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    bia = Owner.user(7, "bia")

    added = store.add_once(bia, make_item("new"))
    before = [item.value for item in store.list(bia)]
    removed = store.remove(bia, old.item_id)
    between = [item.value for item in store.list(bia)]
    store.clear(bia)

    assert before == ["new", "other", "old"]
    assert [item.value for item in added] == before
    assert removed
    assert between == ["new", "other"]
    assert store.list(bia) == []
    assert list(store.owners()) == []


def test_more_lists_than_one_have_no_more_items_than_the_limit(
    store: RedisRecents, make_item: MakeItem, settings: Settings
) -> None:
    store.add(BIA, [make_item(str(number)) for number in range(LIMIT)])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    bia = Owner.user(7, "bia")

    store.add(bia, [make_item("new")])

    assert [item.value for item in store.list(bia)] == ["new", "2", "1"]


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_missing_or_wrong_password_is_refused(
    ring: KeyRing, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    with RedisServer(password="right") as server:
        location = RedisLocation(f"redis://127.0.0.1:{server.port}/0", password)
        with override_settings(CACHES={"recents": redis_cache(location)}):
            connect_to = partial(connect, "recents")
            store = RedisRecents(connect_to, ring=ring, limit=LIMIT, lifetime=LIFETIME)

            with pytest.raises(RecentsUnavailableError) as first:
                store.list(ANA)
            with pytest.raises(RecentsUnavailableError) as second:
                store.list(ANA)

    assert (first.value.reason, second.value.reason) == ("refused", "paused")
    assert caplog.messages == ["Redis: refused (AuthenticationError)"]


def test_the_documented_acl_has_the_commands_that_are_used_and_no_others(ring: KeyRing) -> None:
    documented = _documented_commands()
    with (
        RedisServer(password="operator") as server,
        redis.Redis.from_url(server.url) as operator,
    ):
        operator.acl_setuser(
            "app",
            enabled=True,
            passwords=["+password"],
            commands=[f"+{command}" for command in documented],
            keys=["giropops:*"],
        )
        operator.config_resetstat()
        location = RedisLocation(f"redis://app@127.0.0.1:{server.port}/0", "password")
        with override_settings(CACHES={"recents": redis_cache(location)}):
            _use_everything(ring)
        used = {name.removeprefix("cmdstat_") for name in operator.info("commandstats")}

    assert set(documented) - used == set()


def _documented_commands() -> list[str]:
    adr = (ROOT / "docs/adr/0027-redis-client.md").read_text(encoding="utf-8")
    commands: str
    (commands,) = re.findall(r"on `~giropops:\*`: `([^`]+)`", adr)
    return commands.split()


def _use_everything(ring: KeyRing) -> None:
    options: Any = {"limit": LIMIT, "lifetime": LIFETIME}
    store = RedisRecents(partial(connect, "recents"), ring=ring, **options)
    rotated = RedisRecents(
        partial(connect, "recents"), ring=KeyRing([b"n" * 32, *ring._keys]), **options
    )
    kept, gone = a_fresh_item(), a_fresh_item()
    store.check()
    store.add(ANA, [kept, gone])
    store.add_once(ANA, kept)
    assert store.remove(ANA, gone.item_id)
    assert [rotated.reencrypt(owner) for owner in rotated.owners()] == [1]
    assert rotated.list(ANA) == [kept]
    assert store.count("key", 60) == 1
    store.clear(ANA)
    KeyComparison({"RECENTS_KEYS": [b"n" * 32]}, connect=partial(connect, "recents")).update()


def test_the_key_ends_by_itself(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    store.add(ANA, [make_item("short-lived")])

    assert 0 < redis_client.ttl(KEY) <= LIFETIME.total_seconds()


def test_an_expired_ciphertext_leaves_at_the_next_write(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem, clock: Clock
) -> None:
    store.add(ANA, [make_item("old"), make_item("older")])
    clock.advance(seconds=61)

    store.add(ANA, [make_item("new")])

    assert redis_client.zcard(KEY) == 1


def test_a_write_is_one_round_trip_and_a_read_is_one(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    store.list(ANA)  # connects
    untyped: Any = redis_client
    with untyped.monitor() as monitor:
        redis_client.ping()
        store.add(ANA, [make_item("one"), make_item("two")])
        store.add_once(ANA, make_item("three"))
        store.list(ANA)
        redis_client.echo("end")
        seen = []
        for command in monitor.listen():
            if command["client_type"] != "lua":
                seen.append(command["command"].split()[0].upper())
            if seen[-1] == "ECHO":
                break

    assert seen[seen.index("PING") + 1 :] == ["EVAL", "EVAL", "ZREVRANGE", "ECHO"]


def test_a_frame_copied_to_another_owners_key_is_dropped(
    store: RedisRecents,
    redis_client: redis.Redis,
    make_item: MakeItem,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.add(ANA, [make_item("of ana")])
    thief = Owner.anonymous("b" * 32)
    redis_client.copy(KEY, key_of(thief))

    stolen = store.list(thief)

    assert stolen == []
    assert "1 recent items that no key decrypts" in caplog.text


def test_reencrypting_brings_back_nothing_that_went_meanwhile(
    redis_client: redis.Redis, ring: KeyRing
) -> None:
    class SlowRing(KeyRing):
        def reencrypt(self, list_name: str, frame: bytes) -> bytes | None:
            store.remove(ANA, gone.item_id)
            return super().reencrypt(list_name, frame)

    slow = SlowRing([b"n" * 32, *ring._keys])
    store = RedisRecents(lambda: redis_client, ring=slow, limit=LIMIT, lifetime=LIFETIME)
    old = RedisRecents(lambda: redis_client, ring=ring, limit=LIMIT, lifetime=LIFETIME)
    kept, gone = a_fresh_item("kept"), a_fresh_item("gone")
    old.add(ANA, [kept, gone])

    assert store.reencrypt(ANA) == 1
    assert store.list(ANA) == [kept]
    assert redis_client.ttl(KEY) > 0


def _write(url: str, number: int) -> None:
    ring = KeyRing([b"k" * 32])
    with redis.Redis.from_url(url) as client:
        store = RedisRecents(lambda: client, ring=ring, limit=LIMIT, lifetime=LIFETIME)
        for place in range(WRITES_EACH):
            store.add(ANA, [a_fresh_item(f"{number}/{place}")])
            items = store.list(ANA)
            if not 1 <= len(items) <= LIMIT:
                raise AssertionError(len(items))


def test_eight_writers_at_once_leave_a_whole_list(
    redis_url: str, redis_client: redis.Redis, store: RedisRecents
) -> None:
    with ThreadPoolExecutor(max_workers=WRITERS) as writers:
        list(writers.map(lambda number: _write(redis_url, number), range(WRITERS)))

    assert redis_client.zcard(KEY) == LIMIT
    items = store.list(ANA)
    assert len(items) == LIMIT
    # An item may be added after a newer one of another writer.
    written = [tuple(map(int, item.value.split("/"))) for item in items]
    for writer in range(WRITERS):
        places = [place for number, place in written if number == writer]
        assert places == sorted(places, reverse=True)


def test_a_wrong_type_at_the_key_means_unavailable_to_that_owner_alone(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    redis_client.set(KEY, "not a sorted set")
    other = Owner.user(1, "other")

    with pytest.raises(RecentsUnavailableError):
        store.list(ANA)
    store.add(other, [make_item("fine")])

    assert len(store.list(other)) == 1


def test_a_stopped_redis_is_unavailable_and_comes_back(
    own_server: RedisServer, own_store: RedisRecents, caplog: pytest.LogCaptureFixture
) -> None:
    own_store.add(ANA, [a_fresh_item()])
    own_server.kill()

    with caplog.at_level(logging.WARNING), pytest.raises(RecentsUnavailableError):
        own_store.add(ANA, [a_fresh_item("never logged")])
    own_server.restart()
    time.sleep(0.6)  # longer than the circuit's pause
    own_store.add(ANA, [a_fresh_item("after")])

    assert [item.value for item in own_store.list(ANA)] == ["after"]
    assert "never logged" not in caplog.text


def test_no_command_is_tried_again(own_store: RedisRecents) -> None:
    client: Any = own_store._connect()

    assert client.get_retry().get_retries() == 0


def test_a_restart_between_two_requests_is_not_noticed(
    own_server: RedisServer, own_store: RedisRecents
) -> None:
    own_store.add(ANA, [a_fresh_item()])
    own_server.restart()

    own_store.add(ANA, [a_fresh_item("through a new connection")])

    assert len(own_store.list(ANA)) == 1


def test_ended_threads_hold_no_connection(own_store: RedisRecents) -> None:
    for _ in range(REDIS_MAX_CONNECTIONS + 1):  # as every probe has a thread of its own
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(own_store.check).result()

    own_store.add(ANA, [a_fresh_item()])


def test_a_frozen_redis_is_called_once_and_then_left_alone(
    own_server: RedisServer, own_store: RedisRecents, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_store.add(ANA, [a_fresh_item()])
    executed: list[object] = []
    client: Any = own_store._connected
    real = client.execute_command

    def counted(*command: object, **options: Any) -> Any:
        executed.append(command)
        return real(*command, **options)

    monkeypatch.setattr(client, "execute_command", counted)
    own_server.pause()

    for _ in range(5):
        with pytest.raises(RecentsUnavailableError):
            own_store.list(ANA)
    own_server.resume()

    assert len(executed) == 1


def test_the_lifetime_may_be_fractions_of_a_day(ring: KeyRing, redis_client: redis.Redis) -> None:
    lifetime = timedelta(days=1)
    store = RedisRecents(lambda: redis_client, ring=ring, limit=LIMIT, lifetime=lifetime)

    store.add(ANA, [a_fresh_item()])

    assert redis_client.ttl(KEY) > LIFETIME.total_seconds()
