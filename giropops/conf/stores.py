"""Django's settings for the database and Redis, from environment variables."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

import dj_database_url

from giropops.conf import environment
from giropops.conf.environment import Environment

# How long a request waits for Redis, in seconds, before recents count as unavailable. With
# redis-py's default (5 s) soon every thread would wait for a frozen Redis.
REDIS_TIMEOUT_SECONDS = 0.25
REDIS_MAX_CONNECTIONS = 50

DATABASE_CONNECT_TIMEOUT_SECONDS = 3
POSTGRES_ENGINE = "giropops.conf.postgresql"
# How long a web worker waits for a query: as long as for a connection.
POSTGRES_QUERY_TIMEOUT_SECONDS = float(DATABASE_CONNECT_TIMEOUT_SECONDS)
SQLITE_BUSY_TIMEOUT_SECONDS = 5
# PgBouncer before 1.20 refuses this option: `?options=` in the URL removes it.
POSTGRES_LOCK_TIMEOUT_MILLISECONDS = 500

REDIS_TAKES = (
    "a URL such as redis://:password@host:6379/0, rediss://…, unix:///path, behind Sentinel "
    "redis+sentinel://:password@host:26379,host:26379/service/0 (rediss+sentinel://…), or of a "
    "cluster redis+cluster://:password@host:6379,host:6379 (rediss+cluster://…)"
)
SENTINEL_SCHEMES = {"redis+sentinel", "rediss+sentinel"}
SENTINEL_PORT = 26_379
CLUSTER_SCHEMES = {"redis+cluster": "redis", "rediss+cluster": "rediss"}
REDIS_PORT = 6_379


class Sentinels(NamedTuple):
    """The Sentinels of a service; ``tls`` applies to them and to the master."""

    addresses: list[tuple[str, int]]
    service: str
    password: str = ""
    tls: bool = False


class RedisLocation(NamedTuple):
    """The address of Redis. The password is not in the URL, so that a log cannot show it.

    With ``sentinels``, the URL's host is the name of the service. With ``nodes``, it is the first
    of these servers; a cluster may have more.
    """

    url: str
    password: str
    sentinels: Sentinels | None = None
    nodes: tuple[tuple[str, int], ...] = ()


def database(env: Environment, *, default: str) -> Mapping[str, Any]:
    """Return Django's settings for the database at ``DATABASE_URL``.

    Connections stay open between requests: connecting to PostgreSQL takes several times as long as
    a whole request.
    """
    takes = "a URL such as postgres://user:password@host:5432/name or sqlite:////path/file"
    config = env.parsed("DATABASE_URL", _parse_database_url, default=default, takes=takes)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                # Overwrite deleted content: the sealed text of a one-time link is to be gone.
                " PRAGMA secure_delete=ON;"
            ),
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
        }
    else:
        config["OPTIONS"] = {
            "connect_timeout": DATABASE_CONNECT_TIMEOUT_SECONDS,
            # Without it, the kernel reports a server that vanished only after 15 minutes.
            "tcp_user_timeout": DATABASE_CONNECT_TIMEOUT_SECONDS * 1000,
            "options": f"-c lock_timeout={POSTGRES_LOCK_TIMEOUT_MILLISECONDS}",
            **config.get("OPTIONS", {}),
        }
    return config


def _parse_database_url(url: str) -> dict[str, Any]:
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError(scheme)
    engine = None if scheme == "sqlite" else POSTGRES_ENGINE
    return {**dj_database_url.parse(url, engine, conn_max_age=None, conn_health_checks=True)}


def redis_location(env: Environment) -> RedisLocation | None:
    """Return the address of Redis, or ``None`` if none is set.

    ``REDIS_URL`` has priority over ``REDIS_HOST`` and ``REDIS_PORT``, and ``REDIS_PASSWORD`` over
    the password in a URL.
    """
    url = env.parsed("REDIS_URL", _parse_redis_url, default="", takes=REDIS_TAKES)
    host = env.parsed(
        "REDIS_HOST",
        _parse_redis_host,
        default="",
        takes="a host name or address, also with a port or as a URL",
    )
    port = env.parsed(
        "REDIS_PORT", environment.port, default="6379", takes="a port number from 1 to 65535"
    )
    password = env.text("REDIS_PASSWORD", default="", takes="a password")
    sentinel_password = env.text("REDIS_SENTINEL_PASSWORD", default="", takes="a password")
    if url is not None:
        if url.sentinels is not None:
            url = url._replace(sentinels=url.sentinels._replace(password=sentinel_password))
        return url._replace(password=password or url.password)
    if host is None:
        return None
    if isinstance(host, RedisLocation):
        return host._replace(password=password or host.password)
    return RedisLocation(url=f"redis://{quote(host, safe=':[]')}:{port}/0", password=password)


def _parse_redis_host(text: str) -> RedisLocation | str | None:
    """Return the host, or the location if the text has a port or is a URL."""
    if "://" in text:
        return _parse_redis_url(text)
    if re.fullmatch(r"[^:]+:\d+|\[.+\]:\d+", text):
        return _parse_redis_url(f"redis://{text}/0")
    return text or None


def _parse_redis_url(url: str) -> RedisLocation | None:
    if not url:
        return None
    parts = urlsplit(url)
    user, _, address = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    before = f"{name}@" if name else ""
    if parts.scheme in SENTINEL_SCHEMES:
        service, _, database = parts.path.removeprefix("/").partition("/")
        # The characters that Redis allows in the name of a service, and a number.
        if not re.fullmatch(r"[\w.-]+", service, re.ASCII) or not re.fullmatch("[0-9]*", database):
            raise ValueError(service)
        addresses = [_address(item, SENTINEL_PORT) for item in address.split(",")]
        sentinels = Sentinels(addresses, service, tls=parts.scheme.startswith("rediss"))
        inner = parts._replace(scheme="redis", netloc=before + service, path=f"/{database or 0}")
        return RedisLocation(inner.geturl(), unquote(password), sentinels)
    if parts.scheme in CLUSTER_SCHEMES:
        if parts.path not in {"", "/"} or "db" in parse_qs(parts.query):
            raise ValueError(parts.path)  # a cluster has only the database 0
        nodes = tuple(_address(item, REDIS_PORT) for item in address.split(","))
        first = parts._replace(
            scheme=CLUSTER_SCHEMES[parts.scheme], netloc=before + address.split(",")[0], path=""
        )
        return RedisLocation(first.geturl(), unquote(password), nodes=nodes)
    _ = parts.port  # raises ValueError for a bad port
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ValueError(parts.scheme)
    return RedisLocation(parts._replace(netloc=before + address).geturl(), unquote(password))


def _address(text: str, default_port: int) -> tuple[str, int]:
    """Return host and port of ``host`` or ``host:port``; IPv6 addresses need brackets."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port == 0:
        raise ValueError(text)
    return parts.hostname, parts.port or default_port


def redis_cache(location: RedisLocation) -> dict[str, Any]:
    """Return Django's cache settings for recents in Redis, with time limits."""
    options: dict[str, Any] = {
        "CLIENT_CLASS": "django_redis.client.DefaultClient",
        "PASSWORD": location.password or None,
        "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT_SECONDS,
        "SOCKET_TIMEOUT": REDIS_TIMEOUT_SECONDS,
        "CONNECTION_POOL_KWARGS": {
            "max_connections": REDIS_MAX_CONNECTIONS,
            # Else redis-py reads its own version from disk for each connection, and sends it.
            "driver_info": None,
        },
    }
    if sentinels := location.sentinels:
        options |= {
            "CONNECTION_FACTORY": "django_redis.pool.SentinelConnectionFactory",
            "CONNECTION_POOL_CLASS": "passwords.recents.connection.SentinelPool",
            "SENTINELS": sentinels.addresses,
            "SENTINEL_KWARGS": {
                "password": sentinels.password or None,
                "ssl": sentinels.tls,
                "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
                "socket_timeout": REDIS_TIMEOUT_SECONDS,
            },
        }
        # The URL's host is the name of the service too, but redis-py makes it lowercase.
        options["CONNECTION_POOL_KWARGS"] |= {
            "service_name": sentinels.service,
            "ssl": sentinels.tls,
        }
    elif location.nodes:
        options |= {
            "CONNECTION_FACTORY": "passwords.recents.connection.ClusterFactory",
            "NODES": location.nodes,
        }
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": location.url,
        "OPTIONS": options,
    }
