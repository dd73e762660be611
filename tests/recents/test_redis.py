"""What Redis itself holds, and what happens when it is away."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from django.test import override_settings

from giropops.conf.stores import REDIS_MAX_CONNECTIONS, RedisLocation, redis_cache
from passwords.recents import Owner, RecentItem, RecentsUnavailableError, new_item_id
from passwords.recents.link import RedisLink
from passwords.recents.redis import RedisRecents, connect
from passwords.recents.sealing import KeyRing
from tests.recents.conftest import ANA, LIFETIME, LIMIT, Clock
from tests.servers import RedisServer

MakeItem = Callable[[str], RecentItem]
KEY = b"giropops:recents:{anonymous:" + b"a" * 32 + b"}"
WRITERS = 8
WRITES_EACH = 50


@pytest.fixture
def store(redis_client: redis.Redis, ring: KeyRing, clock: Clock) -> RedisRecents:
    """A store in the run's Redis."""
    link = RedisLink(redis_client.connection_pool)
    return RedisRecents(link, ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)


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
        yield RedisRecents(connect("recents"), ring=ring, limit=LIMIT, lifetime=LIFETIME)


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
    store.remember(ANA, [make_item("plaintext")])

    dumped = redis_client.dump(KEY)

    assert isinstance(dumped, bytes)
    assert b"plaintext" not in dumped


def test_the_key_ends_by_itself(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    store.remember(ANA, [make_item("short-lived")])

    assert 0 < redis_client.ttl(KEY) <= LIFETIME.total_seconds()


def test_an_expired_ciphertext_leaves_at_the_next_write(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem, clock: Clock
) -> None:
    store.remember(ANA, [make_item("old"), make_item("older")])
    clock.advance(seconds=61)

    store.remember(ANA, [make_item("new")])

    assert redis_client.zcard(KEY) == 1


def test_a_write_is_one_round_trip_and_a_read_is_one(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    store.newest(ANA)  # connects
    untyped: Any = redis_client
    with untyped.monitor() as monitor:
        redis_client.ping()
        store.remember(ANA, [make_item("one"), make_item("two")])
        store.newest(ANA)
        redis_client.echo("end")
        seen = []
        for command in monitor.listen():
            if command["client_type"] != "lua":
                seen.append(command["command"].split()[0].upper())
            if seen[-1] == "ECHO":
                break

    assert seen[seen.index("PING") + 1 :] == ["EVAL", "ZREVRANGE", "ECHO"]


def test_a_frame_copied_to_another_owners_key_is_dropped(
    store: RedisRecents,
    redis_client: redis.Redis,
    make_item: MakeItem,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.remember(ANA, [make_item("of ana")])
    thief = Owner.anonymous("b" * 32)
    redis_client.copy(KEY.decode(), f"giropops:recents:{{{thief.key}}}")

    stolen = store.newest(thief)

    assert stolen == []
    assert "1 recent items open with no key" in caplog.text


def test_resealing_brings_back_nothing_that_went_meanwhile(
    redis_client: redis.Redis, ring: KeyRing
) -> None:
    class SlowRing(KeyRing):
        def reseal(self, owner: Owner, frame: bytes) -> bytes | None:
            store.forget(ANA, gone.item_id)
            return super().reseal(owner, frame)

    link = RedisLink(redis_client.connection_pool)
    slow = SlowRing([b"n" * 32, *ring._keys])
    store = RedisRecents(link, ring=slow, limit=LIMIT, lifetime=LIFETIME)
    old = RedisRecents(link, ring=ring, limit=LIMIT, lifetime=LIFETIME)
    kept, gone = a_fresh_item("kept"), a_fresh_item("gone")
    old.remember(ANA, [kept, gone])

    assert store.reseal(ANA) == 1
    assert store.newest(ANA) == [kept]
    assert redis_client.ttl(KEY) > 0


def _write(url: str, number: int) -> None:
    ring = KeyRing([b"k" * 32])
    with redis.Redis.from_url(url) as client:
        link = RedisLink(client.connection_pool)
        store = RedisRecents(link, ring=ring, limit=LIMIT, lifetime=LIFETIME)
        for place in range(WRITES_EACH):
            store.remember(ANA, [a_fresh_item(f"{number}/{place}")])
            items = store.newest(ANA)
            if not 1 <= len(items) <= LIMIT:
                raise AssertionError(len(items))


def test_eight_writers_at_once_leave_a_whole_list(
    redis_url: str, redis_client: redis.Redis, store: RedisRecents
) -> None:
    with ThreadPoolExecutor(max_workers=WRITERS) as writers:
        list(writers.map(lambda number: _write(redis_url, number), range(WRITERS)))

    assert redis_client.zcard(KEY) == LIMIT
    items = store.newest(ANA)
    assert len(items) == LIMIT
    assert items == sorted(items, key=lambda item: item.created_at, reverse=True)


def test_a_wrong_type_at_the_key_means_unavailable_to_that_owner_alone(
    store: RedisRecents, redis_client: redis.Redis, make_item: MakeItem
) -> None:
    redis_client.set(KEY, "not a sorted set")
    other = Owner.user(1, "other")

    with pytest.raises(RecentsUnavailableError):
        store.newest(ANA)
    store.remember(other, [make_item("fine")])

    assert len(store.newest(other)) == 1


def test_a_stopped_redis_is_unavailable_and_comes_back(
    own_server: RedisServer, own_store: RedisRecents, caplog: pytest.LogCaptureFixture
) -> None:
    own_store.remember(ANA, [a_fresh_item()])
    own_server.kill()

    with caplog.at_level(logging.WARNING), pytest.raises(RecentsUnavailableError):
        own_store.remember(ANA, [a_fresh_item("never logged")])
    own_server.restart()
    time.sleep(0.6)  # longer than the circuit's pause
    own_store.remember(ANA, [a_fresh_item("after")])

    assert [item.value for item in own_store.newest(ANA)] == ["after"]
    assert "never logged" not in caplog.text


def test_a_restart_between_two_requests_is_not_noticed(
    own_server: RedisServer, own_store: RedisRecents
) -> None:
    own_store.remember(ANA, [a_fresh_item()])
    own_server.restart()

    own_store.remember(ANA, [a_fresh_item("through a new connection")])

    assert len(own_store.newest(ANA)) == 1


def test_however_many_threads_have_asked_one_more_may(own_store: RedisRecents) -> None:
    for _ in range(REDIS_MAX_CONNECTIONS + 1):  # as every probe has a thread of its own
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(own_store.check).result()

    own_store.remember(ANA, [a_fresh_item()])


def test_a_frozen_redis_is_asked_once_and_then_left_alone(
    own_server: RedisServer, own_store: RedisRecents, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_store.remember(ANA, [a_fresh_item()])
    asked: list[object] = []
    real = own_store._link.ask

    def counted(*commands: tuple[bytes | str | int | float, ...]) -> list[Any]:
        asked.append(commands)
        return real(*commands)

    monkeypatch.setattr(own_store._link, "ask", counted)
    own_server.pause()

    for _ in range(5):
        with pytest.raises(RecentsUnavailableError):
            own_store.newest(ANA)
    own_server.resume()

    assert len(asked) == 1


def test_the_lifetime_may_be_fractions_of_a_day(ring: KeyRing, redis_client: redis.Redis) -> None:
    link = RedisLink(redis_client.connection_pool)
    store = RedisRecents(link, ring=ring, limit=LIMIT, lifetime=timedelta(days=1))

    store.remember(ANA, [a_fresh_item()])

    assert redis_client.ttl(KEY) > LIFETIME.total_seconds()
