"""A Redis Cluster: each owner's items are on the server that has their slot, wherever that is."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import requests
from django.test import override_settings

from giropops.conf.environment import Environment
from giropops.conf.stores import RedisLocation, redis_cache, redis_location
from passwords.circuit_breaker import CircuitBreaker
from passwords.recents import Owner, RecentItem, RecentsUnavailableError
from passwords.recents.connection import Client, connect
from passwords.recents.encryption import KeyRing
from passwords.recents.redis import RedisRecents
from tests.api.clients import RECENTS, SECRETS
from tests.clusters import RedisCluster, redis_cluster
from tests.conftest import StartLiveApp
from tests.recents.conftest import ANA, LIFETIME, LIMIT, key_of
from tests.recents.test_redis import a_fresh_item
from tests.sentinels import wait_for
from tests.servers import RedisServer, free_port

OWNERS = [Owner.anonymous(f"{number:032}") for number in range(40)]
KEY = key_of(ANA)
A_LITTLE_SECONDS = 1.5
"""How long a call may take when no server answers: four timeouts, and the machine's own time."""
THREADS = 4
"""How many a worker has. They read the map one after the other (ADR 27)."""
MakeStore = Callable[..., RedisRecents]


@pytest.fixture
def own_cluster() -> Iterator[RedisCluster]:
    """A Redis Cluster that the test may break."""
    with redis_cluster() as servers:
        yield servers


_overriding = threading.Lock()


@pytest.fixture
def make_store(ring: KeyRing) -> MakeStore:
    """Make a store as the app does, but without pauses."""

    def make(cluster: RedisCluster, ring: KeyRing = ring) -> RedisRecents:
        circuit = CircuitBreaker(pause_seconds=0)
        connect_to = partial(_connect, cluster.caches)
        return RedisRecents(connect_to, ring=ring, limit=LIMIT, lifetime=LIFETIME, circuit=circuit)

    return make


def _connect(caches: dict[str, Any]) -> Client:
    # Threads that override settings at the same time would restore each other's.
    with _overriding, override_settings(CACHES=caches):
        return connect("recents")


def kept(store: RedisRecents, item: RecentItem, owner: Owner = ANA) -> bool:
    try:
        store.add(owner, [item])
    except RecentsUnavailableError:
        return False
    return True


def passes(store: RedisRecents) -> bool:
    try:
        store.check()
    except RecentsUnavailableError:
        return False
    return True


def names(owners: Iterable[Owner]) -> list[str]:
    return [owner.list_names[0] for owner in owners]


def values(store: RedisRecents, owner: Owner = ANA) -> list[str]:
    return [item.value for item in store.list(owner)]


def test_owners_are_on_all_servers_and_all_have_their_items(
    cluster: RedisCluster, make_store: MakeStore, ring: KeyRing
) -> None:
    store = make_store(cluster)
    for owner in OWNERS:
        store.add(owner, [a_fresh_item(owner.key), a_fresh_item("newer")])

    homes = {cluster.master_of(key_of(owner)).port for owner in OWNERS}
    assert homes == {master.port for master in cluster.masters}
    assert [values(store, owner) for owner in OWNERS] == [["newer", it.key] for it in OWNERS]
    assert sorted(names(store.owners())) == sorted(names(OWNERS))
    assert store.check() == len(OWNERS)

    rotated = make_store(cluster, KeyRing([b"n" * 32, *ring._keys]))
    assert [rotated.reencrypt(owner) for owner in OWNERS] == [2] * len(OWNERS)

    removed = [rotated.remove(owner, rotated.list(owner)[0].item_id) for owner in OWNERS]
    assert all(removed)
    assert [values(rotated, owner) for owner in OWNERS] == [[owner.key] for owner in OWNERS]
    for owner in OWNERS:
        rotated.clear(owner)
    assert list(rotated.owners()) == []


def test_counters_are_on_all_servers(cluster: RedisCluster, make_store: MakeStore) -> None:
    store = make_store(cluster)
    names = [str(number) for number in range(12)]
    assert len({cluster.master_of(f"giropops:count:{name}").port for name in names}) == 3

    for name in names[:6]:
        store.count(name, 60)

    assert [store.count(name, 60) for name in names] == [2] * 6 + [1] * 6


def test_many_threads_at_once_share_the_map_and_no_connection(
    cluster: RedisCluster, make_store: MakeStore
) -> None:
    store = make_store(cluster)

    def use(owner: Owner) -> list[str]:
        for number in range(20):
            store.add(owner, [a_fresh_item(f"{owner.key} {number}")])
        return values(store, owner)

    with ThreadPoolExecutor(max_workers=8) as threads:
        found = list(threads.map(use, OWNERS))

    assert found == [[f"{it.key} {number}" for number in (19, 18, 17)] for it in OWNERS]


def test_a_slot_that_moves_while_it_is_used_loses_nothing(
    own_cluster: RedisCluster, make_store: MakeStore
) -> None:
    store = make_store(own_cluster)
    source = own_cluster.master_of(KEY)
    target = next(master for master in own_cluster.masters if master is not source)
    store.add(ANA, [a_fresh_item("before")])

    own_cluster.begin_move(KEY, target)
    store.add(ANA, [a_fresh_item("on its way")])
    in_between = values(store)
    own_cluster.finish_move(KEY, target)
    store.add(ANA, [a_fresh_item("there")])

    assert in_between == ["on its way", "before"]
    assert values(store) == ["there", "on its way", "before"]
    assert own_cluster.master_of(KEY) is target


def test_when_a_master_is_killed_the_store_goes_on_with_its_replica(
    own_cluster: RedisCluster, make_store: MakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    store, watcher = make_store(own_cluster), make_store(own_cluster)
    owners = [it for it in OWNERS if _home(own_cluster, it) is own_cluster.masters[0]]
    for owner in owners:
        store.add(owner, [a_fresh_item("before")])
    own_cluster.wait_for_a_copy()
    assert watcher.check() == len(owners)

    own_cluster.masters[0].kill()
    with pytest.raises(RecentsUnavailableError, match="away"):
        watcher.check()
    began = time.monotonic()
    assert not kept(store, a_fresh_item("meanwhile"), owners[0])
    assert time.monotonic() - began < A_LITTLE_SECONDS
    after = a_fresh_item("after")
    wait_for(lambda: kept(store, after, owners[0]))

    assert values(store, owners[0]) == ["after", "before"]
    assert [values(store, owner) for owner in owners[1:]] == [["before"]] * (len(owners) - 1)
    wait_for(lambda: passes(watcher))  # each server notices at a moment of its own
    assert watcher.check() == len(owners)
    assert sorted(names(watcher.owners())) == sorted(names(owners))
    assert "meanwhile" not in caplog.text
    assert KEY not in caplog.text


def test_a_master_without_a_replica_that_comes_back_is_used_again(
    own_cluster: RedisCluster, make_store: MakeStore
) -> None:
    store = make_store(own_cluster)
    owner = next(it for it in OWNERS if _home(own_cluster, it) is own_cluster.masters[2])
    store.add(owner, [a_fresh_item("lost with the server's memory")])

    own_cluster.masters[2].kill()
    assert not kept(store, a_fresh_item("meanwhile"), owner)
    own_cluster.masters[2].start()
    after = a_fresh_item("after")
    wait_for(lambda: kept(store, after, owner))

    assert values(store, owner) == ["after"]


def test_when_all_are_frozen_every_call_ends(
    own_cluster: RedisCluster, make_store: MakeStore
) -> None:
    store = make_store(own_cluster)
    for owner in OWNERS:
        store.add(owner, [a_fresh_item("before")])

    def try_it(owner: Owner) -> tuple[bool, float]:
        began = time.monotonic()
        return kept(store, a_fresh_item("meanwhile"), owner), time.monotonic() - began

    for server in own_cluster.servers:
        server.pause()
    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        tries = list(threads.map(try_it, OWNERS[:THREADS]))
    for server in own_cluster.servers:
        server.resume()
    after = a_fresh_item("after")
    wait_for(lambda: kept(store, after))

    assert not any(was_kept for was_kept, _seconds in tries)
    assert max(seconds for _was_kept, seconds in tries) < THREADS * A_LITTLE_SECONDS
    assert values(store) == ["after"]


def test_a_store_that_was_made_without_the_cluster_finds_it_later(
    own_cluster: RedisCluster, make_store: MakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    for server in own_cluster.servers:
        server.kill()
    store = make_store(own_cluster)

    assert not kept(store, a_fresh_item("meanwhile"))
    assert caplog.messages == ["Redis: away (ConnectionError)"]
    for server in own_cluster.servers:
        server.start()
    after = a_fresh_item("after")
    wait_for(lambda: kept(store, after))

    assert values(store) == ["after"]


@pytest.mark.parametrize(
    ("password", "logged"),
    [
        ("wrong", "refused (AuthenticationError)"),
        ("", "refused (AuthenticationError)"),
        ("not-a-secret", "away (RedisClusterException)"),
    ],
)
def test_a_server_outside_a_cluster_differs_from_one_that_refuses(
    redis_server: RedisServer,
    ring: KeyRing,
    caplog: pytest.LogCaptureFixture,
    password: str,
    logged: str,
) -> None:
    node = "127.0.0.1", redis_server.port
    location = RedisLocation(f"redis://{node[0]}:{node[1]}", password, nodes=(node,))
    connect_to = partial(_connect, {"recents": redis_cache(location)})
    store = RedisRecents(connect_to, ring=ring, limit=LIMIT, lifetime=LIFETIME)

    assert not kept(store, a_fresh_item())
    assert caplog.messages == [f"Redis: {logged}"]


def test_tls_is_used_for_every_connection(
    cluster: RedisCluster, ring: KeyRing, caplog: pytest.LogCaptureFixture
) -> None:
    url = cluster.environment["REDIS_URL"].replace("redis+", "rediss+")
    location = redis_location(Environment({"REDIS_URL": url}))
    assert location is not None
    connect_to = partial(_connect, {"recents": redis_cache(location)})
    store = RedisRecents(connect_to, ring=ring, limit=LIMIT, lifetime=LIFETIME)

    assert not kept(store, a_fresh_item())
    assert caplog.messages[0].startswith("Redis: away")


def test_every_worker_of_the_app_reads_what_the_others_kept(
    cluster: RedisCluster, start_live_app: StartLiveApp
) -> None:
    app = start_live_app({**cluster.environment, "WEB_CONCURRENCY": "2"})
    with requests.Session() as session:
        for _ in range(8):
            answer = session.post(f"{app.base_url}{SECRETS}", json={}, timeout=10)
            assert answer.json()["recents"] == "kept"
        recents = session.get(f"{app.base_url}{RECENTS}", timeout=10).json()

    assert len(recents["recents"]) == 8


def test_the_app_starts_and_draws_without_the_cluster(start_live_app: StartLiveApp) -> None:
    nodes = f"127.0.0.1:{free_port()},127.0.0.1:{free_port()}"
    app = start_live_app({"REDIS_URL": f"redis+cluster://{nodes}"})

    answer = requests.post(f"{app.base_url}{SECRETS}", json={}, timeout=10)

    assert answer.status_code == 201
    assert answer.json()["recents"] == "unavailable"


def _home(cluster: RedisCluster, owner: Owner) -> RedisServer:
    return cluster.master_of(key_of(owner))
