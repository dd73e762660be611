"""All stores behind one fixture, with a clock that the test moves."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from passwords.recents import Owner, RecentItem, RecentsStore, new_item_id
from passwords.recents.connection import Client, connect
from passwords.recents.encryption import KeyRing
from passwords.recents.memory import MemoryRecents
from passwords.recents.redis import RedisRecents
from tests.clusters import RedisCluster, redis_cluster

if TYPE_CHECKING:
    import redis

LIMIT = 3
LIFETIME = timedelta(seconds=60)

ANA = Owner.anonymous("a" * 32)
BIA = Owner.user(7, "bia")


def key_of(owner: Owner) -> str:
    """Return the key of the list that the owner's new items go to."""
    return f"giropops:recents:{{{owner.list_names[0]}}}"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **spans: float) -> None:
        """Move on by a ``timedelta`` of these *spans*."""
        self.moment += timedelta(**spans)


MakeStore = Callable[..., RecentsStore]


@pytest.fixture
def clock() -> Clock:
    """The clock of the test's store."""
    return Clock()


@pytest.fixture
def ring() -> KeyRing:
    """A key ring of one key."""
    return KeyRing([b"k" * 32])


@pytest.fixture(scope="session")
def cluster_servers() -> Iterator[RedisCluster]:
    """A Redis Cluster for the whole run: a test that breaks one starts its own."""
    with redis_cluster() as cluster:
        yield cluster


@pytest.fixture
def cluster(cluster_servers: RedisCluster) -> RedisCluster:
    """`cluster_servers`, which are emptied first."""
    cluster_servers.empty()
    return cluster_servers


@pytest.fixture(params=["memory", "redis", "cluster"])
def make_store(request: pytest.FixtureRequest, clock: Clock, ring: KeyRing) -> MakeStore:
    """Make a store of any kind on the same data, with a ring of the test's own if it gives one."""
    if request.param != "memory":
        redis_client = _client(request)

        def make_redis(ring: KeyRing = ring) -> RecentsStore:
            return RedisRecents(
                lambda: redis_client, ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock
            )

        return make_redis
    memory = MemoryRecents(ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)

    def make_memory(ring: KeyRing = ring) -> RecentsStore:
        memory._ring = ring
        return memory

    return make_memory


def _client(request: pytest.FixtureRequest) -> Client:
    if request.param == "redis":
        client: redis.Redis = request.getfixturevalue("redis_client")
        return client
    cluster: RedisCluster = request.getfixturevalue("cluster")
    with override_settings(CACHES=cluster.caches):
        return connect("recents")


@pytest.fixture
def store(make_store: MakeStore) -> RecentsStore:
    """An empty store of any kind."""
    return make_store()


@pytest.fixture
def make_item(clock: Clock) -> Callable[[str], RecentItem]:
    """Make an item of this moment; the clock moves on a millisecond, so that order is certain."""

    def make(value: str) -> RecentItem:
        clock.advance(milliseconds=1)
        return RecentItem(
            item_id=new_item_id(),
            value=value,
            kind="characters",
            entropy_bits=128.5,
            created_at=clock.moment,
            expires_at=clock.moment + LIFETIME,
        )

    return make
