"""Processes that share one Redis notice that they do not share their keys."""

import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import redis
import requests
from django.test import Client

from passwords import recents
from passwords.recents import fingerprints
from passwords.recents.fingerprints import KeyComparison
from tests.clusters import RedisCluster
from tests.live import LiveApp
from tests.monitoring.test_metrics import scrape, total

OLD: Final = secrets.token_bytes(32)
NEW: Final = secrets.token_bytes(32)
OTHER: Final = secrets.token_bytes(32)

MakeProcess = Callable[..., KeyComparison]


@pytest.fixture
def make_process(redis_client: redis.Redis) -> MakeProcess:
    """Make the comparison of a process with these keys, on one Redis."""
    return lambda *keys: KeyComparison({"RECENTS_KEYS": keys}, connect=lambda: redis_client)


def rounds(*processes: KeyComparison) -> None:
    """Let each process do its job, twice."""
    for process in [*processes, *processes, *processes[:-1]]:
        process.update()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


def test_processes_with_the_same_keys_agree(
    make_process: MakeProcess, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = make_process(OLD), make_process(OLD)

    rounds(one, other)

    assert one.differing == other.differing == ()
    assert errors(caplog) == []


def test_processes_with_other_keys_notice_and_log_it_once(
    make_process: MakeProcess, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = make_process(OLD), make_process(NEW)

    rounds(one, other)
    rounds(one, other)

    assert one.differing == other.differing == ("RECENTS_KEYS",)
    assert len(errors(caplog)) == 2  # one for each process
    assert errors(caplog)[0].startswith("RECENTS_KEYS: another process that uses this Redis has")


def test_during_a_rotation_all_agree(make_process: MakeProcess) -> None:
    before = make_process(OLD), make_process(OLD, NEW)
    rounds(*before)
    assert [process.differing for process in before] == [(), ()]

    after = make_process(OLD, NEW), make_process(NEW, OLD), make_process(NEW, OLD)
    rounds(*after)

    assert [process.differing for process in after] == [(), (), ()]


def test_what_a_process_left_behind_is_no_difference(make_process: MakeProcess) -> None:
    ended, started = make_process(OLD), make_process(NEW)
    ended.update()
    ended.update()

    for _ in range(3):
        started.update()

    assert started.differing == ()


def test_the_key_of_an_ended_process_is_removed(
    make_process: MakeProcess, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = make_process(OLD), make_process(NEW)
    rounds(one, other)
    differing = [one.differing]

    monkeypatch.setattr(fingerprints, "LIFETIME_SECONDS", 1)
    time.sleep(1.1)
    one.update()
    differing.append(one.differing)
    rounds(one, make_process(OTHER))
    differing.append(one.differing)

    assert differing == [("RECENTS_KEYS",), (), ("RECENTS_KEYS",)]
    assert len(errors(caplog)) == 4  # it is said again


def test_each_setting_is_compared_with_itself(redis_client: redis.Redis) -> None:
    one, other = (
        KeyComparison({"RECENTS_KEYS": [OLD], "SECRET_KEY": [key]}, connect=lambda: redis_client)
        for key in (NEW, OTHER)
    )

    rounds(one, other)

    assert one.differing == other.differing == ("SECRET_KEY",)


def test_redis_holds_no_part_of_a_key_and_expires_all(
    make_process: MakeProcess, redis_client: redis.Redis
) -> None:
    make_process(OLD, NEW).update()

    (name,) = redis_client.keys()
    (member,) = redis_client.zrange(name, 0, -1)
    for key in (OLD, NEW):
        assert key not in member
        assert key.hex()[:16].encode() not in member
    assert 0 < redis_client.ttl(name) <= fingerprints.LIFETIME_SECONDS


def test_a_redis_that_is_away_changes_nothing() -> None:
    def refuse() -> Any:
        raise redis.ConnectionError

    process = KeyComparison({"RECENTS_KEYS": [OLD]}, connect=refuse)
    process.differing = ("RECENTS_KEYS",)

    process.update()

    assert process.differing == ("RECENTS_KEYS",)


def test_it_works_on_a_cluster(cluster: RedisCluster, settings: Any) -> None:
    settings.CACHES = cluster.caches
    fingerprints._comparison.cache_clear()

    recents.compare_keys()
    recents.compare_keys()

    assert recents.differing_keys() == ()
    fingerprints._comparison.cache_clear()


class Replica(LiveApp):
    """An app with keys of its own, whose background jobs run every second."""

    configuration = "tests/recents/frequent_jobs.py"


@pytest.fixture
def replicas(live_template: Path, redis_url: str) -> Iterator[tuple[Replica, Replica]]:
    """Two apps on one Redis."""
    environment = {"REDIS_URL": redis_url, "WEB_CONCURRENCY": "1"}
    with (
        Replica(template=live_template, environment=environment) as one,
        Replica(template=live_template, environment=environment) as other,
    ):
        yield one, other


def test_replicas_with_other_keys_say_so_and_go_on(replicas: tuple[Replica, Replica]) -> None:
    end = time.monotonic() + 60
    for app in replicas:
        found: dict[str, Any] = {}
        while not found.get("keys_that_differ") and time.monotonic() < end:
            time.sleep(0.1)
            found = requests.get(f"{app.base_url}/readyz", timeout=10).json()

        assert found["keys_that_differ"] == ["RECENTS_KEYS", "SECRET_KEY"]
        assert found["status"] == "degraded"
        assert app.log.count("RECENTS_KEYS and SECRET_KEY: another process") == 1
        assert total(scrape(app), "giropops_keys_differ", setting="RECENTS_KEYS") == 1
        made = requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=10)
        assert len(made.json()["senha"]) == 8


@pytest.mark.django_db
def test_the_dashboard_names_the_setting(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passwords.admin.site.differing_keys", lambda: ("RECENTS_KEYS",))

    page = admin_client.get("/admin/", headers={"accept-language": "en"}).content.decode()

    assert '<dt>RECENTS_KEYS</dt><dd><strong class="bad">differs from another replica' in page
