"""Redis behind Sentinel: each new connection goes to the server that is the master then."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django_redis.pool import ConnectionFactory
from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from redis.sentinel import MasterNotFoundError, Sentinel, SentinelConnectionPool

if TYPE_CHECKING:
    from collections.abc import Sequence


class NoMasterError(RedisTimeoutError):
    """No Sentinel knows a master. A time-out, since to ask again at once is no use."""


class MasterFactory(ConnectionFactory):  # type: ignore[misc]  # untyped
    """What django-redis makes its pool with.

    ``OPTIONS["SENTINEL"]`` has the ``urls`` of the Sentinels, their ``password`` and the name of
    the ``service``. Credentials, database and TLS of the servers themselves are in ``LOCATION``,
    whose host counts for nothing.
    """

    def get_connection_pool(self, params: dict[str, Any]) -> SentinelConnectionPool:
        """Return a pool that asks the Sentinels where to connect."""
        address = parse_url(params["url"])  # type: ignore[no-untyped-call]  # redis-py's
        options = {**address, **params, **self.pool_cls_kwargs}
        del options["url"]
        has_tls = options.pop("connection_class", None) is not None
        own = self.options["SENTINEL"]
        waits = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
        sentinels = [
            Redis.from_url(url, password=own["password"], retry=Retry(NoBackoff(), 0), **waits)
            for url in own["urls"]
        ]
        return SentinelConnectionPool(  # type: ignore[no-untyped-call]  # redis-py's
            own["service"], _Sentinels(sentinels), ssl=has_tls, **options
        )


class _Sentinels(Sentinel):
    def __init__(self, sentinels: Sequence[Redis]) -> None:
        super().__init__([])  # type: ignore[no-untyped-call]  # redis-py's
        self.sentinels = list(sentinels)

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return the master's address.

        The library moves the Sentinel that answered to the front of its list, and two threads that
        do so at once lose one of the others: here each moves in a copy of its own.
        """
        own = copy.copy(self)
        own.sentinels = list(self.sentinels)
        try:
            address: tuple[str, int] = super(_Sentinels, own).discover_master(service_name)  # type: ignore[no-untyped-call]  # redis-py's
        except MasterNotFoundError:
            raise NoMasterError from None
        self.sentinels = own.sentinels
        return address
