"""Redis behind Sentinel: the store follows the master through a failover."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.test import override_settings
from django_redis.pool import ConnectionFactory
from redis.connection import SSLConnection

from giropops.conf.environment import Environment
from giropops.conf.stores import redis_cache, redis_location
from passwords.circuit_breaker import CircuitBreaker
from passwords.recents import RecentItem, RecentsUnavailableError
from passwords.recents.connection import connect
from passwords.recents.encryption import KeyRing
from passwords.recents.redis import RedisRecents
from tests.recents.conftest import ANA, BIA, LIFETIME, LIMIT, key_of
from tests.recents.test_redis import a_fresh_item
from tests.sentinels import SERVICE, WatchedRedis, wait_for, watched_redis

KEY = key_of(ANA)
MakeStore = Callable[[], RedisRecents]


@pytest.fixture
def watched() -> Iterator[WatchedRedis]:
    """A Redis behind a Sentinel."""
    with watched_redis() as servers:
        yield servers


@pytest.fixture
def store(
    watched: WatchedRedis, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RedisRecents]:
    """A store as the app makes it, but without pauses."""
    location = redis_location(Environment(watched.environment))
    assert location is not None
    caches = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "recents": redis_cache(location),
    }
    # django-redis keeps a pool for each LOCATION, which is the same in every test.
    monkeypatch.setattr(ConnectionFactory, "_pools", {})
    with override_settings(CACHES=caches):
        client = connect("recents")
        circuit = CircuitBreaker(pause_seconds=0)
        yield RedisRecents(
            lambda: client, ring=ring, limit=LIMIT, lifetime=LIFETIME, circuit=circuit
        )
        client.close()


def kept(store: RedisRecents, item: RecentItem) -> bool:
    try:
        store.add(ANA, [item])
    except RecentsUnavailableError:
        return False
    return True


def test_the_master_is_found_past_a_sentinel_that_is_away(
    store: RedisRecents, watched: WatchedRedis
) -> None:
    store.add(ANA, [a_fresh_item("one")])

    assert [item.value for item in store.list(ANA)] == ["one"]
    with redis.Redis.from_url(watched.master.url) as client:
        assert client.zcard(KEY) == 1


def test_when_the_master_is_killed_the_store_goes_on_with_the_next(
    store: RedisRecents, watched: WatchedRedis
) -> None:
    store.add(ANA, [a_fresh_item("before")])
    watched.wait_for_a_copy()

    watched.master.kill()
    assert not kept(store, a_fresh_item("meanwhile"))
    after = a_fresh_item("after")
    wait_for(lambda: kept(store, after))

    assert [item.value for item in store.list(ANA)] == ["after", "before"]
    assert [owner.list_names for owner in store.owners()] == [ANA.list_names]
    assert store.check() == 1
    store.clear(ANA)
    assert store.list(ANA) == []


def test_a_master_that_became_a_replica_is_left(store: RedisRecents, watched: WatchedRedis) -> None:
    store.add(ANA, [a_fresh_item("before")])
    watched.wait_for_a_copy()

    watched.swap()
    after = a_fresh_item("after")
    wait_for(lambda: kept(store, after))

    with redis.Redis.from_url(watched.replica.url) as client:
        assert client.zcard(KEY) == 2


def test_a_late_answer_is_never_taken_for_another(
    store: RedisRecents, watched: WatchedRedis
) -> None:
    store.add(ANA, [a_fresh_item("of ana")])
    store.add(BIA, [a_fresh_item("of bia")])

    watched.master.pause()
    with pytest.raises(RecentsUnavailableError):
        store.list(ANA)
    watched.master.resume()

    assert [item.value for item in store.list(BIA)] == ["of bia"]


def test_many_threads_keep_every_sentinel(store: RedisRecents) -> None:
    client: Any = store._connect()
    manager = client.connection_pool.sentinel_manager
    sentinels = set(manager._sentinel.sentinels)

    with ThreadPoolExecutor(max_workers=8) as threads:
        found = list(threads.map(lambda _number: manager.discover_master(SERVICE), range(64)))

    assert len(set(found)) == 1
    assert set(manager._sentinel.sentinels) == sentinels


def test_sentinels_have_tls_where_redis_has_it_and_nothing_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "rediss+sentinel://user:of-redis@one,two/service/3?ssl_ca_certs=/ca.pem"
    location = redis_location(Environment({"REDIS_URL": url, "REDIS_SENTINEL_PASSWORD": "theirs"}))
    assert location is not None
    monkeypatch.setattr(ConnectionFactory, "_pools", {})
    caches = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "recents": redis_cache(location),
    }

    with override_settings(CACHES=caches):
        client: Any = connect("recents")
        pool = client.connection_pool

    own = {"username": "user", "password": "of-redis", "db": 3, "ssl_ca_certs": "/ca.pem"}
    assert client.get_retry().get_retries() == 0
    assert issubclass(pool.connection_class, SSLConnection)
    assert own.items() <= pool.connection_kwargs.items()
    for sentinel in pool.sentinel_manager._sentinel.sentinels:
        theirs = sentinel.connection_pool
        assert issubclass(theirs.connection_class, SSLConnection)
        assert theirs.connection_kwargs["ssl_ca_certs"] == "/ca.pem"
        assert theirs.connection_kwargs["password"] == "theirs"
        assert theirs.connection_kwargs["socket_timeout"] < 1
        assert sentinel.get_retry().get_retries() == 0


def test_without_a_sentinel_recents_are_away(
    store: RedisRecents, watched: WatchedRedis, caplog: pytest.LogCaptureFixture
) -> None:
    watched.sentinel.kill()

    with pytest.raises(RecentsUnavailableError, match="away"):
        store.list(ANA)

    assert caplog.messages == ["Redis: away (MasterNotFoundError)"]
