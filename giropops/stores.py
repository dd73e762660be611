"""What the environment says about the database and Redis, in Django's own terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import dj_database_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from giropops.env import Environment

# A frozen Redis may cost a request this long, in seconds, before recents count as unavailable:
# with the library's own default (5 s) every thread would soon wait for it.
REDIS_TIMEOUT_SECONDS = 0.25
REDIS_MAX_CONNECTIONS = 50

DATABASE_CONNECT_TIMEOUT_SECONDS = 3
SQLITE_BUSY_TIMEOUT_SECONDS = 5
# PgBouncer before 1.20 refuses this option: `?options=` in the URL takes it away.
POSTGRES_LOCK_TIMEOUT_MILLISECONDS = 500


class RedisLocation(NamedTuple):
    """Where Redis is. The password stands apart, so that a logged URL does not hold it."""

    url: str
    password: str


def database(env: Environment, *, default: str) -> Mapping[str, Any]:
    """Return Django's description of the database at ``DATABASE_URL``.

    Connections stay open between requests: a new PostgreSQL connection costs several times what
    a whole request does.
    """
    takes = "a URL such as postgres://user:password@host:5432/name or sqlite:////path/file"
    config = env.parsed("DATABASE_URL", _parse_database_url, default=default, takes=takes)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
        }
    else:
        config["OPTIONS"] = {
            "connect_timeout": DATABASE_CONNECT_TIMEOUT_SECONDS,
            # A server that went without a word is noticed before the kernel would (15 minutes).
            "tcp_user_timeout": DATABASE_CONNECT_TIMEOUT_SECONDS * 1000,
            "options": f"-c lock_timeout={POSTGRES_LOCK_TIMEOUT_MILLISECONDS}",
            **config.get("OPTIONS", {}),
        }
    return config


def _parse_database_url(url: str) -> dict[str, Any]:
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError(scheme)
    return {**dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)}


def redis_location(env: Environment) -> RedisLocation | None:
    """Return where Redis is, or ``None`` when the environment names none.

    ``REDIS_URL`` wins over ``REDIS_HOST`` and ``REDIS_PORT``; ``REDIS_PASSWORD`` over a password
    in the URL.
    """
    url = env.parsed(
        "REDIS_URL",
        _parse_redis_url,
        default="",
        takes="a URL such as redis://:password@host:6379/0, rediss://… or unix:///path",
    )
    host = env.text("REDIS_HOST", default="", takes="a host name or address")
    port = env.parsed(
        "REDIS_PORT", _parse_port, default="6379", takes="a port number from 1 to 65535"
    )
    password = env.text("REDIS_PASSWORD", default="", takes="a password")
    if url is not None:
        return url._replace(password=password or url.password)
    if not host:
        return None
    return RedisLocation(url=f"redis://{quote(host, safe=':[]')}:{port}/0", password=password)


def _parse_redis_url(url: str) -> RedisLocation | None:
    if not url:
        return None
    parts = urlsplit(url)
    _ = parts.port  # raises ValueError when it is no port
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ValueError(parts.scheme)
    user, _, address = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    netloc = f"{name}@{address}" if name else address
    return RedisLocation(url=parts._replace(netloc=netloc).geturl(), password=unquote(password))


def _parse_port(value: str) -> int:
    """Return the port; Kubernetes injects ``REDIS_PORT=tcp://10.0.0.1:6379`` beside a Service."""
    port = urlsplit(value).port if value.startswith("tcp://") else int(value)
    if port is None or not 1 <= port <= 65_535:  # noqa: PLR2004  # the range of a TCP port
        raise ValueError(value)
    return port


def redis_cache(location: RedisLocation) -> dict[str, Any]:
    """Return django-redis's description of the store for recents: bounded waits, no pickle."""
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": location.url,
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "PASSWORD": location.password or None,
            "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT_SECONDS,
            "SOCKET_TIMEOUT": REDIS_TIMEOUT_SECONDS,
            "CONNECTION_POOL_KWARGS": {"max_connections": REDIS_MAX_CONNECTIONS},
        },
    }
