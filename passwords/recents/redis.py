"""Recents in Redis, through django-redis: shared by every process, sealed before they leave.

Each owner has one sorted set: the sealed frames, scored by their time in microseconds (exact in
a double until the year 2255), or by one more than the newest there, should that be later: then a
clock was set back, or another process has another time. So one script drops the expired, adds,
keeps the newest and sets the key's own end, in one round trip; writing a frame twice (a retry)
adds it once.
"""

from __future__ import annotations

import logging
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django_redis import get_redis_connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from passwords.circuit_breaker import CircuitBreaker
from passwords.recents.items import to_microseconds
from passwords.recents.link import RedisLink
from passwords.recents.sealing import NAME_BYTES
from passwords.recents.store import RecentsUnavailableError
from passwords.signals import recents_failed, recents_recovered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta

    from passwords.recents.items import Owner, RecentItem
    from passwords.recents.link import Command, Link
    from passwords.recents.sealing import KeyRing

logger = logging.getLogger(__name__)

_PREFIX: Final = "giropops:recents:{"
_SUFFIX: Final = "}"
_COUNT_PREFIX: Final = "giropops:count:"
_CHECK_KEY: Final = "giropops:check"
_SCAN_COUNT: Final = 1000

# Adds ARGV[5] and the following, pairs of score and frame, oldest first. With ARGV[4] it does so
# only where there is no live frame of the same item as the first; else it returns that one.
# Adding is the first thing it writes: a Redis without memory refuses no later one of a script.
_ADD: Final = f"""
if ARGV[4] == '1' then
  for _, frame in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')) do
    if string.sub(frame, 1, {NAME_BYTES}) == string.sub(ARGV[6], 1, {NAME_BYTES}) then
      return frame
    end
  end
end
local newest = tonumber(redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2] or 0)
for place = 5, #ARGV, 2 do
  newest = math.max(tonumber(ARGV[place]), newest + 1)
  redis.call('ZADD', KEYS[1], newest, ARGV[place + 1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""

# Puts one frame in another's place, for each pair of ARGV, where the first is still there. The new
# one comes before the old one goes: an empty set would lose its end.
_SWAP: Final = """
local swapped = 0
for place = 1, #ARGV, 2 do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[place])
  if score then
    redis.call('ZADD', KEYS[1], score, ARGV[place + 1])
    redis.call('ZREM', KEYS[1], ARGV[place])
    swapped = swapped + 1
  end
end
return swapped
"""


def connect(alias: str) -> Link:
    """Return a link to what django-redis makes of the settings; nothing is connected yet.

    A connection tries once more only when it broke. A time-out is not tried again: the server that
    did not answer in time will not now.
    """
    client: Redis | Link = get_redis_connection(alias)
    if not isinstance(client, Redis):
        return client  # of `cluster.ClusterFactory`
    client.set_retry(Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)))
    return RedisLink(client.connection_pool)


class RedisRecents:
    """The contract of ``RecentsStore`` on Redis, one server or several."""

    def __init__(
        self,
        link: Link,
        *,
        ring: KeyRing,
        limit: int,
        lifetime: timedelta,
        circuit: CircuitBreaker | None = None,
        now: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._link = link
        self._ring = ring
        self._limit = limit
        self._lifetime = lifetime
        self._lifetime_seconds = math.ceil(lifetime.total_seconds())
        self._circuit = circuit or CircuitBreaker()
        self._now = now

    def remember(
        self, owner: Owner, items: Sequence[RecentItem], *, once: bool = False
    ) -> RecentItem | None:
        """Add *items*, or with *once* return the one that has the id of the first."""
        key = _key(owner.key)
        scored: list[bytes | int] = []
        for item in items[-self._limit :]:
            scored += [to_microseconds(item.created_at), self._ring.seal(owner, item)]
        expired = to_microseconds(self._now() - self._lifetime)
        bounds = (expired, -self._limit - 1, self._lifetime_seconds, int(once))
        with self._guarded():
            (frame,) = self._link.ask(("EVAL", _ADD, 1, key, *bounds, *scored))
        return self._ring.open(owner, frame, lifetime=self._lifetime) if frame else None

    def newest(self, owner: Owner) -> list[RecentItem]:
        """Return the owner's live items, newest first."""
        return [item for _frame, item in self._read(owner)]

    def forget(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; say whether it was there."""
        for frame, item in self._read(owner):
            if item.item_id == item_id:
                with self._guarded():
                    return bool(self._link.ask(("ZREM", _key(owner.key), frame))[0])
        return False

    def clear(self, owner: Owner) -> None:
        """Remove all of the owner's items."""
        with self._guarded():
            self._link.ask(("DEL", _key(owner.key)))

    def owner_keys(self) -> Iterator[str]:
        """Yield the key of every owner that has items."""
        scan = ("MATCH", f"{_PREFIX}*{_SUFFIX}", "COUNT", _SCAN_COUNT)
        with self._guarded():
            for server in self._link.servers():
                cursor = None
                while cursor != b"0":
                    ((cursor, keys),) = server.ask(("SCAN", cursor or 0, *scan))
                    for key in keys:
                        yield key.decode().removeprefix(_PREFIX).removesuffix(_SUFFIX)

    def reseal(self, owner: Owner) -> int:
        """Seal the owner's items with the first key, where another did; return how many.

        What happens to the list meanwhile is not undone: an item that is gone by then stays away.
        """
        key = _key(owner.key)
        with self._guarded():
            (frames,) = self._link.ask(("ZRANGE", key, 0, -1))
            swaps: list[bytes] = []
            for frame in frames:
                if resealed := self._ring.reseal(owner, frame):
                    swaps += [frame, resealed]
            (swapped,) = self._link.ask(("EVAL", _SWAP, 1, key, *swaps))
        return int(swapped)

    def count(self, keys: Sequence[str], seconds: int) -> list[int]:
        """Add one to each of *keys*, which end after *seconds*; return what they are then."""
        commands: list[Command] = []
        for key in keys:
            commands += [
                ("INCR", f"{_COUNT_PREFIX}{key}"),
                ("EXPIRE", f"{_COUNT_PREFIX}{key}", seconds),
            ]
        with self._guarded():
            replies = self._link.ask(*commands)
        return [int(reply) for reply in replies[::2]]

    def check(self) -> int:
        """Write a key and remove it, also while the circuit is open: success closes it.

        The connection ends with it: whoever asks does so in a thread that ends as well.
        """
        try:
            with self._reporting():
                self._link.ask(("ZADD", _CHECK_KEY, 0, b""), ("ZREM", _CHECK_KEY, b""))
                return sum(server.ask(("DBSIZE",))[0] for server in self._link.servers())
        finally:
            self._link.hang_up()

    def _read(self, owner: Owner) -> list[tuple[bytes, RecentItem]]:
        with self._guarded():
            (frames,) = self._link.ask(("ZREVRANGE", _key(owner.key), 0, self._limit - 1))
        opened = [
            (frame, self._ring.open(owner, frame, lifetime=self._lifetime)) for frame in frames
        ]
        readable = [(frame, item) for frame, item in opened if item]
        if len(readable) < len(frames):
            logger.warning("%d recent items open with no key: dropped", len(frames) - len(readable))
        now = self._now()
        return [(frame, item) for frame, item in readable if item.expires_at > now]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Ask nothing while the circuit is open; report the rest."""
        if not self._circuit.allows():
            _tell("paused")
            raise RecentsUnavailableError("paused")
        with self._reporting():
            yield

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Turn the client's errors into ours, without their text: it may quote arguments."""
        try:
            yield
        except RedisError as error:
            is_away = isinstance(error, (RedisConnectionError, RedisTimeoutError))
            reason = "away" if is_away else "refused"
            if is_away:
                self._circuit.record_failure()
            else:
                self._close()
            logger.warning("Redis: %s (%s)", reason, type(error).__name__)
            _tell(reason)
            raise RecentsUnavailableError(reason) from None
        self._close()

    def _close(self) -> None:
        if self._circuit.record_success():
            recents_recovered.send(sender=RedisRecents)


def _tell(reason: str) -> None:
    recents_failed.send(sender=RedisRecents, reason=reason)


def _key(owner_key: str) -> str:
    return f"{_PREFIX}{owner_key}{_SUFFIX}"
