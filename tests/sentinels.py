"""A Redis with a replica, and a Sentinel that watches over the two."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers import HOST, RedisServer, SentinelServer, free_port

SERVICE: Final = "Senhas.recents-1"
_PASSWORD: Final = "of-redis"
_SENTINEL_PASSWORD: Final = "of-sentinel"
_GIVE_UP_SECONDS: Final = 30.0


@dataclass(frozen=True)
class WatchedRedis:
    """The three servers, each of which a test may break."""

    master: RedisServer
    replica: RedisServer
    sentinel: SentinelServer

    @property
    def environment(self) -> dict[str, str]:
        """The app's variables. The first Sentinel that they name is away."""
        sentinels = f"{HOST}:{free_port()},{HOST}:{self.sentinel.port}"
        return {
            "REDIS_URL": f"redis+sentinel://:{_PASSWORD}@{sentinels}/{SERVICE}",
            "REDIS_SENTINEL_PASSWORD": _SENTINEL_PASSWORD,
        }

    def wait_for_a_copy(self) -> None:
        """Return once the replica has something of the master's."""
        with redis.Redis.from_url(self.replica.url) as client:
            wait_for(client.dbsize)

    def wait_for_failover(self) -> None:
        """Return once the Sentinel names the replica as the master."""
        with self._connect_to_sentinel() as client:
            wait_for(
                lambda: client.sentinel_get_master_addr_by_name(SERVICE)[1] == self.replica.port
            )

    def swap(self) -> None:
        """Let the Sentinel swap the two; return once both have changed."""
        with self._connect_to_sentinel() as client:

            def has_begun() -> bool:
                try:
                    client.execute_command("SENTINEL", "FAILOVER", SERVICE)
                except redis.ResponseError:  # it has not seen enough of the replica yet
                    return False
                return True

            wait_for(has_begun)
        # The Sentinel ends all connections to it then, this one too, which is made again.
        retry = Retry(NoBackoff(), 3)
        with redis.Redis.from_url(self.master.url, retry=retry) as client:
            wait_for(lambda: client.info("replication")["role"] == "slave")

    def wait_for_sentinel(self) -> None:
        """Return once the Sentinel lists the replica."""
        with self._connect_to_sentinel() as client:
            wait_for(lambda: client.sentinel_slaves(SERVICE))

    def _connect_to_sentinel(self) -> redis.Redis:
        return redis.Redis(HOST, self.sentinel.port, password=_SENTINEL_PASSWORD)


@contextmanager
def watched_redis() -> Iterator[WatchedRedis]:
    """Start the three; the replica has caught up, and the Sentinel lists it."""
    with RedisServer(password=_PASSWORD) as master, RedisServer(password=_PASSWORD) as replica:
        with redis.Redis.from_url(replica.url) as operator:
            operator.replicaof(HOST, str(master.port))
            wait_for(lambda: operator.info("replication")["master_link_status"] == "up")
        with SentinelServer(
            master=master, service=SERVICE, password=_SENTINEL_PASSWORD
        ) as sentinel:
            watched = WatchedRedis(master, replica, sentinel)
            watched.wait_for_sentinel()
            yield watched


def wait_for(is_so: Callable[[], object]) -> None:
    """Return once *is_so* returns a true value.

    Raises:
        AssertionError: it did not in 30 s.
    """
    deadline = time.monotonic() + _GIVE_UP_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError
        time.sleep(0.05)
