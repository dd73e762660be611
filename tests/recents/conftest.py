"""Both stores behind one fixture, with a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from passwords.recents import Owner, RecentItem, RecentsStore, new_item_id
from passwords.recents.link import RedisLink
from passwords.recents.memory import MemoryRecents
from passwords.recents.redis import RedisRecents
from passwords.recents.sealing import KeyRing

if TYPE_CHECKING:
    import redis

LIMIT = 3
LIFETIME = timedelta(seconds=60)

ANA = Owner.anonymous("a" * 32)
BIA = Owner.user(7, "bia")


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


@pytest.fixture(params=["memory", "redis"])
def make_store(request: pytest.FixtureRequest, clock: Clock, ring: KeyRing) -> MakeStore:
    """Make a store of either kind on the same data, with a ring of the test's own if it wants."""
    if request.param == "redis":
        client: redis.Redis = request.getfixturevalue("redis_client")

        def make_redis(ring: KeyRing = ring) -> RecentsStore:
            link = RedisLink(client.connection_pool)
            return RedisRecents(link, ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)

        return make_redis
    memory = MemoryRecents(ring=ring, limit=LIMIT, lifetime=LIFETIME, now=clock)

    def make_memory(ring: KeyRing = ring) -> RecentsStore:
        memory._ring = ring
        return memory

    return make_memory


@pytest.fixture
def store(make_store: MakeStore) -> RecentsStore:
    """An empty store of either kind."""
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
