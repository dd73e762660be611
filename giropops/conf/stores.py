"""What the environment says about the database and Redis, in Django's own terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

import dj_database_url

from giropops.conf import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from giropops.conf.environment import Environment

# A frozen Redis may cost a request this long, in seconds, before recents count as unavailable:
# with the library's own default (5 s) every thread would soon wait for it.
REDIS_TIMEOUT_SECONDS = 0.25
REDIS_MAX_CONNECTIONS = 50

DATABASE_CONNECT_TIMEOUT_SECONDS = 3
POSTGRES_ENGINE = "giropops.conf.postgresql"
# How long a web worker waits for an answer: as long as connecting may take.
POSTGRES_QUERY_TIMEOUT_SECONDS = float(DATABASE_CONNECT_TIMEOUT_SECONDS)
SQLITE_BUSY_TIMEOUT_SECONDS = 5
# PgBouncer before 1.20 refuses this option: `?options=` in the URL takes it away.
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
    """Who knows which server of a service is the master; ``tls`` is for it and for them."""

    addresses: list[tuple[str, int]]
    service: str
    password: str = ""
    tls: bool = False


class RedisLocation(NamedTuple):
    """Where Redis is. The password stands apart, so that a logged URL does not hold it.

    With ``sentinels``, the URL's host is only the service's name; with ``nodes``, it is the first
    of these servers, which know the others of a cluster.
    """

    url: str
    password: str
    sentinels: Sentinels | None = None
    nodes: tuple[tuple[str, int], ...] = ()


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
    engine = None if scheme == "sqlite" else POSTGRES_ENGINE
    return {**dj_database_url.parse(url, engine, conn_max_age=None, conn_health_checks=True)}


def redis_location(env: Environment) -> RedisLocation | None:
    """Return where Redis is, or ``None`` when the environment names none.

    ``REDIS_URL`` wins over ``REDIS_HOST`` and ``REDIS_PORT``; ``REDIS_PASSWORD`` over a password
    in the URL.
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
    """Return the host; where the text has a port or is a URL, as some write it, the location."""
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
        # What Redis allows in the name of a service, and the number of a database.
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
    _ = parts.port  # raises ValueError when it is no port
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ValueError(parts.scheme)
    return RedisLocation(parts._replace(netloc=before + address).geturl(), unquote(password))


def _address(text: str, default_port: int) -> tuple[str, int]:
    """Return the host and the port of ``host`` or ``host:port``; IPv6 addresses have brackets."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port == 0:
        raise ValueError(text)
    return parts.hostname, parts.port or default_port


def redis_cache(location: RedisLocation) -> dict[str, Any]:
    """Return django-redis's description of the store for recents: bounded waits, no pickle."""
    options: dict[str, Any] = {
        "CLIENT_CLASS": "django_redis.client.DefaultClient",
        "PASSWORD": location.password or None,
        "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT_SECONDS,
        "SOCKET_TIMEOUT": REDIS_TIMEOUT_SECONDS,
        "CONNECTION_POOL_KWARGS": {"max_connections": REDIS_MAX_CONNECTIONS},
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
        # The name of the service is also the host of the URL, but in small letters.
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
