"""Connections to Redis: what cannot be set in django-redis and redis-py.

No command is retried. A pool replaces a broken connection before it sends a command, and a retry
after a timeout would only make the request wait longer.
"""

import copy
from typing import Any, Final

from django_redis import get_redis_connection
from django_redis.pool import ConnectionFactory
from redis import Redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from passwords.recents.contract import RecentsUnavailableError
from passwords.recents.store import CACHE_ALIAS

Client = Redis | RedisCluster
_NO_RETRY: Final = Retry(NoBackoff(), 0)
_FLASK_LIST: Final = "senhas"


def connect(alias: str) -> Client:
    """Return django-redis's client; only the client of a cluster connects at once."""
    client: Client = get_redis_connection(alias)
    if isinstance(client, Redis):
        client.set_retry(_NO_RETRY)
    return client


def count_keys(client: Client) -> int:
    """Return the number of keys on all servers."""
    if isinstance(client, RedisCluster):  # its default counts only one server
        return int(client.dbsize(target_nodes=RedisCluster.PRIMARIES))
    return client.dbsize()


def delete_flask_list() -> bool:
    """Delete the unencrypted list of the Flask app, unread; return whether it existed.

    Raises:
        RecentsUnavailableError: Redis does not answer, or refuses.
    """
    try:
        client = connect(CACHE_ALIAS)
        # A value of another type is not from the Flask app.
        return client.type(_FLASK_LIST) == b"list" and bool(client.delete(_FLASK_LIST))
    except RedisError:
        raise RecentsUnavailableError from None


class ClusterFactory(ConnectionFactory):  # type: ignore[misc]  # untyped
    """Creates redis-py's client of a Redis Cluster, which django-redis does not support.

    ``OPTIONS["NODES"]`` has the host and port of the servers from which the map of the cluster is
    read, also later: their names are stable, the addresses in the map are not.
    """

    def connect(self, url: str) -> RedisCluster:
        """Read the map of the cluster, and return a client."""
        return RedisCluster(
            startup_nodes=[ClusterNode(*node) for node in self.options["NODES"]],  # type: ignore[no-untyped-call]  # redis-py's
            dynamic_startup_nodes=False,
            retry=_NO_RETRY,
            **self.pool_cls_kwargs,
            **self.make_connection_params(url),
        )


class SentinelPool(SentinelConnectionPool):
    """redis-py's pool; its Sentinels use the TLS options of the URL and do not retry."""

    def __init__(self, service_name: str, sentinel_manager: Sentinel, **kwargs: Any) -> None:
        tls = {name: value for name, value in kwargs.items() if name.startswith("ssl_")}
        for sentinel in sentinel_manager.sentinels:
            sentinel.connection_pool.connection_kwargs.update(tls)
            sentinel.set_retry(_NO_RETRY)
        super().__init__(service_name, _SharedSentinel(sentinel_manager), **kwargs)  # type: ignore[no-untyped-call]  # redis-py's


class _SharedSentinel:
    """Finds the master, safely in several threads.

    redis-py moves the Sentinel that answered to the front of its list. If two threads do so at the
    same time, the list loses another Sentinel. Here each thread changes its own copy.
    """

    def __init__(self, sentinel: Sentinel) -> None:
        self._sentinel = sentinel

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return the master's address."""
        own = copy.copy(self._sentinel)
        own.sentinels = list(own.sentinels)
        address: tuple[str, int] = own.discover_master(service_name)  # type: ignore[no-untyped-call]  # redis-py's
        self._sentinel = own
        return address
