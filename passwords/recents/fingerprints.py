"""Check that all processes on one Redis have the same keys, as replicas must.

A sorted set has the fingerprints of the keys of every process; the score is the time of the last
write. A fingerprint is an HMAC made with the key, and does not reveal the key.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from django.conf import settings

from passwords.recents.store import CACHE_ALIAS, uses_redis
from passwords.signals import keys_compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from passwords.recents.connection import Client

logger = logging.getLogger(__name__)

LIFETIME_SECONDS: Final = 75
"""How long fingerprints stay after the last write: more than two runs of the background jobs."""

_KEY: Final = "giropops:fingerprints"
_MESSAGE: Final = b"giropops.fingerprints"
_DIGITS: Final = 16

# Writes the members from ARGV[2] on, and returns all that have not expired, with their times.
# It uses the clock of Redis, because those of replicas may differ.
_WRITE: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
for place = 2, #ARGV do
  redis.call('ZADD', KEYS[1], now, ARGV[place])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
"""


class KeyComparison:
    """Compares the key rings of this process with those of the others.

    Two rings agree if they share a key, as during a rotation. Another process counts once it has
    written its fingerprints a second time: those of an ended process do not count. The rings are
    the keys by the name of their setting.
    """

    def __init__(
        self, rings: Mapping[str, Sequence[bytes]], *, connect: Callable[[], Client]
    ) -> None:
        self._fingerprints = {
            name: frozenset(_fingerprint(key) for key in keys) for name, keys in rings.items()
        }
        self._connect = connect
        self._process = secrets.token_hex(8)
        self._first_times: dict[bytes, bytes] = {}
        self.differing: tuple[str, ...] = ()

    def update(self) -> None:
        """Write the fingerprints, compare them, and log each new difference once.

        If Redis does not answer, the last result stays.
        """
        # Imported here as in store.py: recents in memory need no Redis client.
        from redis.exceptions import ConnectionError as RedisConnectionError  # noqa: PLC0415
        from redis.exceptions import RedisClusterException  # noqa: PLC0415
        from redis.exceptions import TimeoutError as RedisTimeoutError  # noqa: PLC0415

        own = [
            " ".join([self._process, name, *sorted(found)])
            for name, found in self._fingerprints.items()
        ]
        try:
            answer = self._connect().eval(_WRITE, 1, _KEY, LIFETIME_SECONDS, *own)
        except (RedisConnectionError, RedisTimeoutError, RedisClusterException):
            return
        times: dict[bytes, bytes] = dict(zip(answer[::2], answer[1::2], strict=True))
        self._first_times = {
            member: self._first_times.get(member, time) for member, time in times.items()
        }
        live = (member for member, time in times.items() if time != self._first_times[member])
        differing = self._differing(live)
        if differing and differing != self.differing:
            logger.error(
                "%s: another process that uses this Redis has other keys, so visitors lose their"
                " recents and sessions. Set the same value in all replicas; give another"
                " installation a Redis database of its own.",
                " and ".join(differing),
            )
        self.differing = differing
        keys_compared.send(sender=KeyComparison, differing=differing)

    def _differing(self, members: Iterable[bytes]) -> tuple[str, ...]:
        found = set()
        for member in members:
            _process, name, *fingerprints = member.decode().split()
            own = self._fingerprints.get(name)
            if own is not None and own.isdisjoint(fingerprints):
                found.add(name)
        return tuple(sorted(found))


def compare_keys() -> None:
    """Compare the keys of this process with those of the others."""
    _comparison().update()


def differing_keys() -> tuple[str, ...]:
    """Return the settings whose keys differ from those of another process."""
    return _comparison().differing if uses_redis() else ()


@lru_cache(maxsize=1)
def _comparison() -> KeyComparison:
    from passwords.recents.connection import connect  # noqa: PLC0415  # as above

    secret_keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    rings = {
        "RECENTS_KEYS": settings.RECENTS_KEYS,
        "SECRET_KEY": [key.encode() for key in secret_keys],
    }
    return KeyComparison(rings, connect=partial(connect, CACHE_ALIAS))


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, _MESSAGE, "sha256").hex()[:_DIGITS]
