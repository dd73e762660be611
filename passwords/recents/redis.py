"""Recents in Redis, through django-redis and redis-py; encrypted before they leave the process.

Each owner has a sorted set of frames. The score of a frame is its time in microseconds (exact in a
double until the year 2255), or the highest score plus one, if that is more: clocks may be set back,
and may differ between processes. One script adds frames, removes the expired ones and those beyond
the limit, and sets the expiry of the key. Adding the same frame twice has no effect.
"""

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from redis.exceptions import (
    AuthenticationError,
    ClusterError,
    RedisClusterException,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from passwords.circuit_breaker import CircuitBreaker
from passwords.moments import to_microseconds
from passwords.recents.connection import Client, count_keys
from passwords.recents.contract import RecentsUnavailableError
from passwords.recents.encryption import ID_BYTES, KeyRing
from passwords.recents.items import Owner, RecentItem
from passwords.signals import recents_failed, recents_recovered

logger = logging.getLogger(__name__)

_PREFIX: Final = "giropops:recents:{"  # the braces mark the part of the key that a cluster hashes
_SUFFIX: Final = "}"
_COUNT_PREFIX: Final = "giropops:count:"
_CHECK_KEY: Final = "giropops:check"
_SCAN_COUNT: Final = 1000
_OUTAGES: Final = (RedisConnectionError, RedisTimeoutError, ClusterError, RedisClusterException)
"""Errors without an answer from the server, or from a part of a cluster."""

# Adds the pairs of score and frame from ARGV[4] on, oldest first.
# It adds the new frames first: without free memory, Redis refuses only a script's first write.
_ADD: Final = """
local newest = tonumber(redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2] or 0)
for place = 4, #ARGV, 2 do
  newest = math.max(tonumber(ARGV[place]), newest + 1)
  redis.call('ZADD', KEYS[1], newest, ARGV[place + 1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""

# Adds the frame in ARGV[5], unless the set has a frame of that item that has not expired. Returns
# the frames of the set, newest first.
_ADD_ONCE: Final = f"""
local function add()
{_ADD}
end
local is_new = true
for _, frame in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')) do
  if string.sub(frame, 1, {ID_BYTES}) == string.sub(ARGV[5], 1, {ID_BYTES}) then
    is_new = false
  end
end
if is_new then add() end
return redis.call('ZREVRANGE', KEYS[1], 0, -1)
"""

# Replaces the first frame of each pair in ARGV with the second one, if the first one still exists.
# It adds the new frame before it removes the old one: an empty set would lose its expiry.
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

_COUNT: Final = """
local count = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return count
"""

_WRITE: Final = """
redis.call('ZADD', KEYS[1], 0, '')
redis.call('ZREM', KEYS[1], '')
"""


class RedisRecents:
    """``RecentsStore`` on Redis: one server, a group with Sentinel, or a cluster.

    ``connect`` returns the client; it is called at the first use, and again while it fails.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        *,
        ring: KeyRing,
        limit: int,
        lifetime: timedelta,
        circuit: CircuitBreaker | None = None,
        now: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._connect = connect
        self._connected: Client | None = None
        self._ring = ring
        self._limit = limit
        self._lifetime = lifetime
        self._lifetime_seconds = math.ceil(lifetime.total_seconds())
        self._circuit = circuit or CircuitBreaker()
        self._now = now

    def add(self, owner: Owner, items: Sequence[RecentItem]) -> None:
        """Add *items*, oldest first."""
        name = owner.list_names[0]
        arguments = self._arguments(name, items[-self._limit :])
        with self._client() as client:
            client.eval(_ADD, 1, _key(name), *arguments)

    def add_once(self, owner: Owner, item: RecentItem) -> Sequence[RecentItem]:
        """Add *item*, unless the owner has an item with its id; return the owner's items."""
        name, *others = owner.list_names
        arguments = self._arguments(name, [item])
        with self._client() as client:
            frames = client.eval(_ADD_ONCE, 1, _key(name), *arguments)
            found = [*((name, frame) for frame in frames), *self._frames(client, others)]
        return [kept for _name, _frame, kept in self._decrypt(found)][: self._limit]

    def list(self, owner: Owner) -> Sequence[RecentItem]:
        """Return the owner's items that have not expired, newest first."""
        return [item for _name, _frame, item in self._read(owner)][: self._limit]

    def remove(self, owner: Owner, item_id: str) -> bool:
        """Remove one item; return whether it was there."""
        for name, frame, item in self._read(owner):
            if item.item_id == item_id:
                with self._client() as client:
                    return bool(client.zrem(_key(name), frame))
        return False

    def change(self, owner: Owner, item: RecentItem) -> bool:
        """Put *item* in the place of the one with its id; return whether that was there."""
        for list_name, frame, stored in self._read(owner):
            if stored.item_id == item.item_id:
                changed = self._ring.encrypt(list_name, item)
                with self._client() as client:
                    return bool(client.eval(_SWAP, 1, _key(list_name), frame, changed))
        return False

    def clear(self, owner: Owner) -> bool:
        """Remove all of the owner's items; return whether there were any."""
        with self._client() as client:
            removed = sum(client.delete(_key(name)) for name in owner.list_names)
        return bool(removed)

    def owners(self) -> Iterator[Owner]:
        """Yield an owner for every list that has items, perhaps more than once."""
        with self._client() as client:
            for key in client.scan_iter(f"{_PREFIX}*{_SUFFIX}", _SCAN_COUNT):
                yield Owner.of_list(key.decode().removeprefix(_PREFIX).removesuffix(_SUFFIX))

    def reencrypt(self, owner: Owner) -> int:
        """Encrypt items that have another key with the first key; return how many.

        An item that is removed meanwhile stays removed.
        """
        swapped = 0
        with self._client() as client:
            for name in owner.list_names:
                swaps: list[bytes] = []
                for frame in client.zrange(_key(name), 0, -1):
                    if new := self._ring.reencrypt(name, frame):
                        swaps += [frame, new]
                swapped += client.eval(_SWAP, 1, _key(name), *swaps)
        return swapped

    def count(self, key: str, seconds: int) -> int:
        """Add one to the count of *key*, which expires after *seconds*; return the count."""
        with self._client() as client:
            return int(client.eval(_COUNT, 1, f"{_COUNT_PREFIX}{key}", seconds))

    def check(self) -> int:
        """Write and remove a key, also while the circuit is open; success closes it."""
        with self._client(always=True) as client:
            client.eval(_WRITE, 1, _CHECK_KEY)
            return count_keys(client)

    def _read(self, owner: Owner) -> Sequence[tuple[str, bytes, RecentItem]]:
        with self._client() as client:
            frames = self._frames(client, owner.list_names)
        return self._decrypt(frames)

    def _arguments(self, name: str, items: Sequence[RecentItem]) -> Sequence[bytes | int]:
        """Return the arguments of the scripts that add *items*."""
        expired = to_microseconds(self._now() - self._lifetime)
        arguments: list[bytes | int] = [expired, -self._limit - 1, self._lifetime_seconds]
        for item in items:
            arguments += [to_microseconds(item.created_at), self._ring.encrypt(name, item)]
        return arguments

    def _frames(self, client: Any, names: Sequence[str]) -> Sequence[tuple[str, bytes]]:
        return [
            (name, frame)
            for name in names
            for frame in client.zrevrange(_key(name), 0, self._limit - 1)
        ]

    def _decrypt(
        self, frames: Sequence[tuple[str, bytes]]
    ) -> Sequence[tuple[str, bytes, RecentItem]]:
        """Return the items that have not expired, each with its list and frame."""
        now = self._now()
        found = []
        unreadable = 0
        for name, frame in frames:
            item = self._ring.decrypt(name, frame, lifetime=self._lifetime)
            if item is None:
                unreadable += 1
            elif item.expires_at > now:
                found.append((name, frame, item))
        if unreadable:
            logger.warning("%d recent items that no key decrypts: ignored", unreadable)
        return found

    @contextmanager
    def _client(self, *, always: bool = False) -> Iterator[Any]:
        """Yield the client unless the circuit is open, or *always*; convert its errors.

        The text of the errors is dropped: it may quote arguments.
        """
        if not (always or self._circuit.allows()):
            _report("paused")
            raise RecentsUnavailableError("paused")
        try:
            if self._connected is None:
                self._connected = self._connect()
            yield self._connected
        except (RedisError, RedisClusterException) as error:
            raise self._failure(error) from None
        self._record_success()

    def _failure(self, error: Exception) -> RecentsUnavailableError:
        is_outage = isinstance(error, _OUTAGES)
        if is_outage:
            self._circuit.record_failure()
        else:
            self._record_success()
        if isinstance(error, RedisClusterException) and error.__cause__:
            cause: BaseException = error.__cause__  # why the last server did not return the map
        else:
            cause = error
        is_refusal = not is_outage or isinstance(cause, AuthenticationError)
        reason = "refused" if is_refusal else "away"
        logger.warning("Redis: %s (%s)", reason, type(cause).__name__)
        _report(reason)
        return RecentsUnavailableError(reason)

    def _record_success(self) -> None:
        if self._circuit.record_success():
            recents_recovered.send(sender=RedisRecents)


def _report(reason: str) -> None:
    recents_failed.send(sender=RedisRecents, reason=reason)


def _key(list_name: str) -> str:
    return f"{_PREFIX}{list_name}{_SUFFIX}"
