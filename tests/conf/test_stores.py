"""Where the database and Redis are, by the environment."""

import pytest

from giropops.conf.environment import Environment, EnvironmentVariableError
from giropops.conf.stores import RedisLocation, Sentinels, database, redis_cache, redis_location


def located(**values: str) -> RedisLocation | None:
    return redis_location(Environment(values))


def test_there_is_no_redis_unless_one_is_named() -> None:
    assert located() is None
    assert located(REDIS_PORT="6379", REDIS_PASSWORD="unused") is None


def test_a_host_alone_is_enough() -> None:
    assert located(REDIS_HOST="redis") == RedisLocation("redis://redis:6379/0", "")


@pytest.mark.parametrize("port", ["6380", "tcp://10.96.0.1:6380"])
def test_a_port_may_be_what_kubernetes_injects(port: str) -> None:
    assert located(REDIS_HOST="redis", REDIS_PORT=port) == RedisLocation("redis://redis:6380/0", "")


@pytest.mark.parametrize("port", ["0", "65536", "abc", "tcp://10.96.0.1", "tcp://10.96.0.1:x"])
def test_a_bad_port_is_one_clear_line(port: str) -> None:
    with pytest.raises(EnvironmentVariableError, match="REDIS_PORT takes a port number"):
        located(REDIS_HOST="redis", REDIS_PORT=port)


def test_a_url_wins_over_a_host() -> None:
    assert located(REDIS_URL="redis://one:6379/2", REDIS_HOST="two") == RedisLocation(
        "redis://one:6379/2", ""
    )


def test_the_password_leaves_the_url() -> None:
    assert located(REDIS_URL="rediss://user:p%40ss@host:6379/0") == RedisLocation(
        "rediss://user@host:6379/0", "p@ss"
    )
    assert located(REDIS_URL="redis://:secret@host") == RedisLocation("redis://host", "secret")


def test_the_password_variable_wins_over_the_url() -> None:
    location = located(REDIS_URL="redis://:old@host:6379/0", REDIS_PASSWORD="new")

    assert location == RedisLocation("redis://host:6379/0", "new")


def test_behind_sentinel_the_url_names_the_sentinels_and_the_service() -> None:
    assert located(REDIS_URL="redis+sentinel://one,two:26380,[::1]:7/my-master") == RedisLocation(
        "redis://my-master/0",
        "",
        Sentinels([("one", 26379), ("two", 26380), ("::1", 7)], "my-master"),
    )


def test_sentinels_have_tls_where_redis_has_and_a_password_of_their_own() -> None:
    url = "rediss+sentinel://user:p%40ss@one/MyMaster/2?ssl_ca_certs=/ca.pem"

    assert located(REDIS_URL=url, REDIS_SENTINEL_PASSWORD="theirs") == RedisLocation(
        "redis://user@MyMaster/2?ssl_ca_certs=/ca.pem",
        "p@ss",
        Sentinels([("one", 26379)], "MyMaster", "theirs", tls=True),
    )


def test_of_a_cluster_the_url_names_some_servers() -> None:
    url = "rediss+cluster://user:p%40ss@one,two:7000,[::1]:7?ssl_ca_certs=/ca.pem"
    nodes = (("one", 6379), ("two", 7000), ("::1", 7))

    assert located(REDIS_URL=url) == RedisLocation(
        "rediss://user@one?ssl_ca_certs=/ca.pem", "p@ss", nodes=nodes
    )
    assert located(REDIS_URL="redis+cluster://one/", REDIS_PASSWORD="new") == RedisLocation(
        "redis://one", "new", nodes=(("one", 6379),)
    )


@pytest.mark.parametrize(
    "url",
    [
        *("redis+cluster://", "redis+cluster://one,", "redis+cluster://one:0", "cluster://one"),
        *("redis+cluster://one/1", "redis+cluster://one/0", "redis+cluster://one?db=1"),
        *("redis+sentinel://one", "redis+sentinel://one/", "redis+sentinel://one//0"),
        *("redis+sentinel:///service", "redis+sentinel://one,/service"),
        *("redis+sentinel://one:0/service", "redis+sentinel://one:x/service"),
        *("redis+sentinel://one/service/x", "redis+sentinel://one/service/0/0"),
        *("redis+sentinel://one/a%20b", "sentinel://one/service"),
        *("http://host", "redis://", "redis://host:port", "host:6379"),
    ],
)
def test_a_bad_url_is_one_clear_line(url: str) -> None:
    with pytest.raises(EnvironmentVariableError, match="REDIS_URL takes a URL") as caught:
        located(REDIS_URL=url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("localhost:6380", "redis://localhost:6380/0"),
        ("redis://localhost", "redis://localhost"),
        ("[::1]:6380", "redis://[::1]:6380/0"),
        ("redis", "redis://redis:6379/0"),
    ],
)
def test_a_host_may_have_a_port_or_be_a_url(host: str, url: str) -> None:
    location = located(REDIS_HOST=host)

    assert location is not None
    assert location.url == url


def test_waiting_for_redis_is_bounded() -> None:
    options = redis_cache(RedisLocation("redis://host:6379/0", ""))["OPTIONS"]

    assert 0 < options["SOCKET_TIMEOUT"] < 1
    assert 0 < options["SOCKET_CONNECT_TIMEOUT"] < 1


def test_sqlite_writes_ahead_overwrites_deleted_content_and_keeps_its_connection() -> None:
    config = database(Environment({}), default="sqlite:////srv/x.sqlite3")

    assert config["NAME"] == "/srv/x.sqlite3"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    assert "secure_delete=ON" in config["OPTIONS"]["init_command"]
    assert config["CONN_MAX_AGE"] is None


def test_postgresql_is_waited_for_only_a_moment_and_keeps_its_options() -> None:
    url = "postgres://user:pa%23ss@host:5433/name?sslmode=require"

    config = database(Environment({"DATABASE_URL": url}), default="sqlite://")

    assert (config["HOST"], config["PORT"], config["PASSWORD"]) == ("host", 5433, "pa#ss")
    assert config["OPTIONS"] == {
        "connect_timeout": 3,
        "tcp_user_timeout": 3000,
        "options": "-c lock_timeout=500",
        "sslmode": "require",
    }


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "postgres://host:port/name"])
def test_a_database_that_is_neither_is_one_clear_line(url: str) -> None:
    with pytest.raises(EnvironmentVariableError, match="DATABASE_URL takes a URL"):
        database(Environment({"DATABASE_URL": url}), default="sqlite://")
