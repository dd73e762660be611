"""A Redis Cluster: what is asked about a key goes to the server that has the key's slot.

redis-py's own client keeps the map of the slots. What is said goes over a link to each server, as
it does to a single one, and not through that client: it has all threads wait for each other while
it reads the map anew, a time-out for each server that is frozen (docs/adr/0027).
"""

from __future__ import annotations

import threading
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django_redis.pool import ConnectionFactory
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    RedisClusterException,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from passwords.recents.link import RedisLink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from passwords.recents.link import Command, Link

# How often a command may be sent on: the map was old, and the server it was sent to is away.
_TRIES: Final = 3
# How long a thread waits for another that reads the map for the first time.
_WAIT_SECONDS: Final = 0.5


class NoClusterError(RedisTimeoutError):
    """No server that is named knows a whole cluster. To ask again at once is no use."""


class ClusterFactory(ConnectionFactory):  # type: ignore[misc]  # untyped
    """What django-redis makes its client with.

    ``OPTIONS["NODES"]`` has the servers, each as ``host:port``, that are asked for all the others,
    also later on: a few names that stay are better than the addresses that a cluster has today.
    """

    def connect(self, url: str) -> ClusterLink:
        """Return a link that connects when it is first used, which is after the fork."""
        params = self.make_connection_params(url)
        nodes = [urlsplit(f"//{node}") for node in self.options["NODES"]]

        def make() -> RedisCluster:
            return RedisCluster(
                startup_nodes=[ClusterNode(node.hostname, node.port) for node in nodes],  # type: ignore[no-untyped-call]  # redis-py's
                dynamic_startup_nodes=False,
                retry=Retry(NoBackoff(), 1),
                **params,
            )

        return ClusterLink(make)


class ClusterLink:
    """Asks each server of a cluster over a connection that belongs to the calling thread.

    Args:
        make: connects to the cluster; called at the first use, and again until it succeeds.
    """

    def __init__(self, make: Callable[[], RedisCluster]) -> None:
        self._make = make
        self._made: RedisCluster | None = None
        self._lock = threading.Lock()
        self._links: dict[str, RedisLink] = {}

    def ask(self, *commands: Command) -> list[Any]:
        """Send *commands*, each about one key, in one go for those that follow on the same key."""
        return [
            reply
            for key, group in groupby(commands, key=_key_of)
            for reply in self._ask(key, list(group))
        ]

    def servers(self) -> Sequence[Link]:
        """Return a link to each master of today: what is asked there goes nowhere else."""
        cluster: Any = self._cluster()
        self._read_map()
        return [self._link_to(node) for node in cluster.get_primaries()]

    def hang_up(self) -> None:
        """Close the calling thread's connections."""
        for link in self._links.copy().values():
            link.hang_up()

    def _ask(self, key: Any, commands: list[Command]) -> list[Any]:
        cluster: Any = self._cluster()
        tries_left = _TRIES
        while True:
            tries_left -= 1
            node = cluster.get_node_from_key(key)
            try:
                return self._link_to(node).ask(*commands)
            except MovedError as error:
                cluster.nodes_manager.move_slot(error)
                if not tries_left:
                    raise
            except AskError as error:
                # The slot is on its way, and the key at the other end already, or not there yet.
                other = self._link_to(ClusterNode(error.host, error.port))  # type: ignore[no-untyped-call]  # redis-py's
                sent = [part for command in commands for part in (("ASKING",), command)]
                return other.ask(*sent)[1::2]
            except (RedisConnectionError, RedisTimeoutError, ClusterDownError):
                self._read_map(node.name)
                if not tries_left or cluster.get_node_from_key(key) == node:
                    raise

    def _cluster(self) -> RedisCluster:
        if self._made is not None:
            return self._made
        if not self._lock.acquire(timeout=_WAIT_SECONDS):
            raise NoClusterError
        try:
            if self._made is None:
                self._made = self._make()
        except RedisClusterException as error:
            cause = error.__cause__  # why the last of the servers was not asked
            raise (cause if isinstance(cause, RedisError) else NoClusterError) from None
        finally:
            self._lock.release()
        return self._made

    def _read_map(self, failed: str | None = None) -> None:
        """Ask for the map, *failed* last; not when another thread does, for which nobody waits."""
        if not self._lock.acquire(blocking=False):
            return
        cluster: Any = self._made
        try:
            with suppress(RedisClusterException):  # nobody knows: what is known stays
                cluster.nodes_manager.initialize(last_failed_node_name=failed)
            names = {node.name for node in cluster.get_nodes()}
            self._links = {name: link for name, link in self._links.items() if name in names}
        finally:
            self._lock.release()

    def _link_to(self, node: ClusterNode) -> RedisLink:
        link = self._links.get(node.name)
        if link is None:
            pool = self._cluster().get_redis_connection(node).connection_pool
            link = self._links.setdefault(node.name, RedisLink(pool))
        return link


def _key_of(command: Command) -> Any:
    """Return the key that a command is about; a script says first how many keys there are."""
    return command[3] if command[0] == "EVAL" else command[1]
