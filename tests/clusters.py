"""A Redis Cluster of three masters, one of which has a replica."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import redis

from giropops.conf.environment import Environment
from giropops.conf.stores import redis_cache, redis_location
from tests.sentinels import wait_for
from tests.servers import HOST, ClusterServer, free_port

_PASSWORD: Final = "of-redis"
_SLOTS: Final = 16_384
_MASTERS: Final = 3


@dataclass(frozen=True)
class RedisCluster:
    """The servers, each of which a test may break; the replica is the first master's."""

    masters: list[ClusterServer]
    replica: ClusterServer

    @property
    def servers(self) -> list[ClusterServer]:
        """All four."""
        return [*self.masters, self.replica]

    @property
    def environment(self) -> dict[str, str]:
        """The app's variables. The first server that they name is away, and the last unnamed."""
        ports = [free_port(), *(master.port for master in self.masters[:2])]
        nodes = ",".join(f"{HOST}:{port}" for port in ports)
        return {"REDIS_URL": f"redis+cluster://:{_PASSWORD}@{nodes}"}

    @property
    def caches(self) -> dict[str, Any]:
        """The setting `CACHES` of that environment."""
        location = redis_location(Environment(self.environment))
        assert location is not None
        return {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
            "recents": redis_cache(location),
        }

    def master_of(self, key: str) -> ClusterServer:
        """Return the master that has the key's slot now."""
        slot = _execute(self.masters[0], "CLUSTER", "KEYSLOT", key)
        for first, last, (_host, port, *_id), *_replicas in _execute(
            self.masters[0], "CLUSTER", "SLOTS"
        ):
            if first <= slot <= last:
                return next(master for master in self.masters if master.port == port)
        raise KeyError(key)

    def begin_move(self, key: str, to: ClusterServer) -> None:
        """Begin to move the key's slot, which has no other key, and bring the key there."""
        source, slot = self.master_of(key), _execute(to, "CLUSTER", "KEYSLOT", key)
        source_id, target_id = (_execute(server, "CLUSTER", "MYID") for server in (source, to))
        _execute(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", source_id)
        _execute(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", target_id)
        _execute(source, "MIGRATE", HOST, to.port, key, 0, 5000, "AUTH", _PASSWORD)

    def finish_move(self, key: str, to: ClusterServer) -> None:
        """Assign the key's slot to *to*, which has the key by now."""
        source, slot = self.master_of(key), _execute(to, "CLUSTER", "KEYSLOT", key)
        for server in (to, source):
            _execute(server, "CLUSTER", "SETSLOT", slot, "NODE", _execute(to, "CLUSTER", "MYID"))
        wait_for(lambda: self.master_of(key) is to)

    def empty(self) -> None:
        """Remove all keys."""
        for master in self.masters:
            _execute(master, "FLUSHALL")

    def wait_for_a_copy(self) -> None:
        """Return once the replica has as many keys as its master."""
        wait_for(lambda: _execute(self.replica, "DBSIZE") == _execute(self.masters[0], "DBSIZE"))

    def is_whole(self) -> bool:
        """Whether every server reports that all slots are served."""
        return all(_info(server)["cluster_state"] == "ok" for server in self.servers)


@contextmanager
def redis_cluster() -> Iterator[RedisCluster]:
    """Start the servers and let them meet; all slots are served."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(ClusterServer(password=_PASSWORD)) for _ in range(_MASTERS + 1)
        ]
        *masters, replica = servers
        for number, server in enumerate(servers):
            _execute(server, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for number, master in enumerate(masters):
            first, end = (_SLOTS * part // _MASTERS for part in (number, number + 1))
            _execute(master, "CLUSTER", "ADDSLOTSRANGE", first, end - 1)
        for server in servers[1:]:
            _execute(masters[0], "CLUSTER", "MEET", HOST, server.port, server.bus_port)
        wait_for(lambda: all(_info(it)["cluster_known_nodes"] == len(servers) for it in servers))
        _execute(replica, "CLUSTER", "REPLICATE", _execute(masters[0], "CLUSTER", "MYID"))
        wait_for(lambda: "master_link_status:up" in str(_execute(replica, "INFO", "replication")))
        cluster = RedisCluster(masters, replica)
        wait_for(cluster.is_whole)
        wait_for(lambda: all(_sees_all(server) for server in servers))
        yield cluster


def _execute(server: ClusterServer, *command: str | int) -> Any:
    with redis.Redis(HOST, server.port, password=_PASSWORD) as client:
        client.response_callbacks.clear()
        client.set_response_callback("HELLO", lambda reply, **_options: reply)
        reply = client.execute_command(*command)
    return reply.decode() if isinstance(reply, bytes) else reply


def _sees_all(server: ClusterServer) -> bool:
    (_first, _last, *of_first), *others = _execute(server, "CLUSTER", "SLOTS")
    return len(of_first) == 2 and len(others) == _MASTERS - 1


def _info(server: ClusterServer) -> dict[str, Any]:
    pairs = (line.split(":") for line in _execute(server, "CLUSTER", "INFO").split())
    return {name: int(value) if value.isdigit() else value for name, value in pairs}
