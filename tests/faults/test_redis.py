"""Redis in trouble: secrets are made all the same, and the app says that they are not kept."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import redis

from tests.faults.conftest import StartRig
from tests.faults.proxy import Proxy
from tests.faults.rig import HOLD_SECONDS, IS_STRICT, Rig, judge, judge_history
from tests.servers import HOST, RedisServer, free_port

pytestmark = pytest.mark.faults


@pytest.fixture
def operator(own_redis: RedisServer) -> Iterator[redis.Redis]:
    """A connection of the operator's, made before the trouble."""
    with redis.Redis.from_url(own_redis.url) as client:
        client.ping()
        yield client


def see(rig: Rig) -> str:
    """Return whether recents are kept by the response, and whether errors are counted."""
    shown = rig.draw()
    errors = rig.increase("giropops_redis_errors_total")
    return f"recents {shown}, {'errors counted' if errors else 'no errors'}"


NOT_KEPT = "recents unavailable, errors counted"


def disconnect_app(operator: redis.Redis) -> None:
    operator.client_kill_filter(_type="normal", skipme=True)


def set_all(operator: redis.Redis, **values: object) -> None:
    for name, value in values.items():
        operator.config_set(name.replace("_", "-"), value)  # type: ignore[arg-type]  # as Redis takes


def test_stopped_and_started_again(rig: Rig, own_redis: RedisServer) -> None:
    figures = rig.run(
        "Redis: refused",
        break_it=own_redis.stop,
        mend_it=own_redis.start,
        look=lambda: see(rig),
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)


def test_killed_under_load(rig: Rig, own_redis: RedisServer) -> None:
    figures = rig.run(
        "Redis: killed", break_it=own_redis.kill, mend_it=own_redis.start, look=lambda: see(rig)
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)


def test_frozen(rig: Rig, own_redis: RedisServer) -> None:
    figures = rig.run(
        "Redis: SIGSTOP",
        break_it=own_redis.pause,
        mend_it=own_redis.resume,
        look=lambda: see(rig),
        hold_seconds=30 if IS_STRICT else HOLD_SECONDS,
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)


def test_another_password(rig: Rig, operator: redis.Redis) -> None:
    def change() -> None:
        operator.config_set("requirepass", "another")
        disconnect_app(operator)

    def change_back() -> None:
        operator.config_set("requirepass", "not-a-secret")

    figures = rig.run(
        "Redis: wrong password", break_it=change, mend_it=change_back, look=lambda: see(rig)
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)


def test_something_else_at_the_key(rig: Rig, operator: redis.Redis) -> None:
    def spoil() -> None:
        for key in operator.scan_iter("giropops:recents:*"):
            operator.set(key, "something else")

    figures = rig.run(
        "Redis: wrong type at the keys",
        break_it=spoil,
        mend_it=operator.flushall,
        look=lambda: see(rig),
    )

    judge(figures)
    judge_history(figures)
    # Others than the owners of these keys do not notice.
    assert (figures.ready_status, figures.shown) == ("200 ok", "recents kept, errors counted")


@pytest.mark.parametrize(
    ("name", "broken", "mended"),
    [
        ("Redis: out of memory", {"maxmemory": 1}, {"maxmemory": 0}),
        (
            "Redis: too few replicas",
            {"min_replicas_to_write": 3},
            {"min_replicas_to_write": 0},
        ),
    ],
)
def test_a_redis_that_refuses_writes(
    rig: Rig,
    operator: redis.Redis,
    name: str,
    broken: dict[str, object],
    mended: dict[str, object],
) -> None:
    figures = rig.run(
        name,
        break_it=lambda: set_all(operator, **broken),
        mend_it=lambda: set_all(operator, **mended),
        look=lambda: see(rig),
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)


def test_a_replica_that_only_reads(rig: Rig, operator: redis.Redis) -> None:
    figures = rig.run(
        "Redis: read-only replica",
        break_it=lambda: operator.replicaof(HOST, str(free_port())),
        mend_it=lambda: operator.replicaof("NO", "ONE"),
        look=lambda: see(rig),
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)


def test_emptied_again_and_again(rig: Rig, operator: redis.Redis) -> None:
    def empty() -> None:
        for _ in range(100):
            operator.flushall()
            time.sleep(0.005)

    figures = rig.run("Redis: flushed", break_it=empty, mend_it=empty, look=lambda: see(rig))

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 ok", "recents kept, no errors")


def test_no_connection_left(rig: Rig, operator: redis.Redis, own_redis: RedisServer) -> None:
    with ExitStack() as holders:

        def fill() -> None:
            operator.config_set("maxclients", 20)
            disconnect_app(operator)
            for _ in range(20):
                holder = holders.enter_context(redis.Redis.from_url(own_redis.url))
                try:
                    holder.ping()
                except redis.ConnectionError:
                    return

        def empty() -> None:
            holders.close()
            operator.config_set("maxclients", 1000)
            disconnect_app(operator)

        figures = rig.run(
            "Redis: no connection left", break_it=fill, mend_it=empty, look=lambda: see(rig)
        )

    judge(figures)
    judge_history(figures)


@pytest.fixture(scope="module")
def proxy(own_redis: RedisServer) -> Iterator[Proxy]:
    """A proxy in front of Redis."""
    with Proxy(own_redis.port) as proxy:
        yield proxy


@pytest.fixture
def proxied_rig(start_rig: StartRig, proxy: Proxy) -> Rig:
    """The app behind the proxy."""
    return start_rig(REDIS_URL=f"redis://:not-a-secret@{HOST}:{proxy.port}/0")


def set_proxy(proxy: Proxy, **values: object) -> Callable[[], None]:
    def change() -> None:
        for name, value in values.items():
            setattr(proxy, name, value)

    return change


def test_answers_200_ms_late(proxied_rig: Rig, proxy: Proxy) -> None:
    figures = proxied_rig.run(
        "Redis: 200 ms late",
        break_it=set_proxy(proxy, delay_seconds=0.2),
        mend_it=set_proxy(proxy, delay_seconds=0.0),
        look=lambda: see(proxied_rig),
    )

    judge(figures)
    judge_history(figures)


def test_a_half_open_connection(proxied_rig: Rig, proxy: Proxy) -> None:
    figures = proxied_rig.run(
        "Redis: half-open",
        break_it=set_proxy(proxy, silent=True),
        mend_it=set_proxy(proxy, silent=False),
        look=lambda: see(proxied_rig),
    )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)
