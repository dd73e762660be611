"""What is counted is exact over workers and their ends, and holds nothing private."""

import os
import re
import signal
import sqlite3
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import requests
from django.db import DatabaseError
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from giropops import __version__
from giropops.monitoring import metrics, metrics_folder
from passwords.history import HistoryWriter, recording, writing
from tests.conftest import StartLiveApp
from tests.live import ROOT, LiveApp
from tests.servers import RedisServer, free_port

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parse(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(samples: Samples, name: str, **labels: str) -> float:
    """Return the sum of the samples of *name* that have these *labels* among theirs."""
    return sum(
        value
        for (sample, own), value in samples.items()
        if sample == name and set(labels.items()) <= own
    )


def scrape(app: LiveApp) -> Samples:
    return parse(requests.get(f"{app.base_url}/metrics", timeout=30).text)


def draw(app: LiveApp, times: int) -> None:
    """Draw *times* passwords, over a connection each, so that all workers get their share."""

    def draw_one(_number: int) -> int:
        return requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=30).status_code

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert set(pool.map(draw_one, range(times))) == {200}


def workers(app: LiveApp) -> list[int]:
    children = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text(encoding="ascii")
    return [int(pid) for pid in children.split()]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that the test may break."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def app(start_live_app: StartLiveApp, own_redis: RedisServer) -> LiveApp:
    """The app with two workers, of the test's own."""
    return start_live_app({"REDIS_URL": own_redis.url, "WEB_CONCURRENCY": "2"})


@pytest.mark.django_db(transaction=True)
def test_the_answer_has_the_requested_content_type(client: Client) -> None:
    plain = client.get("/metrics")
    wanted = "application/openmetrics-text; version=1.0.0"
    openmetrics = client.get("/metrics", headers={"accept": wanted})

    assert plain.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert openmetrics.headers["Content-Type"].startswith("application/openmetrics-text; version=1")
    assert openmetrics.content.endswith(b"# EOF\n")


@pytest.mark.django_db(transaction=True)
def test_no_host_is_needed_and_no_cookie_is_set(client: Client) -> None:
    response = client.get("/metrics", headers={"host": "10.1.2.3:5000"})

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_before_the_first_request_there_are_zeros(client: Client) -> None:
    samples = parse(client.get("/metrics").text)

    assert ("senha_gerada_total", frozenset({("kind", "pin"), ("door", "web")})) in samples
    assert ("giropops_history_lost_rows_total", frozenset({("reason", "killed")})) in samples


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, 401), ("Bearer wrong", 401), ("Bearer ö", 401), ("Bearer right-token", 200)],
)
@override_settings(METRICS_TOKEN="right-token")
def test_a_configured_token_is_required(client: Client, given: str | None, expected: int) -> None:
    response = client.get("/metrics", headers={"authorization": given} if given else {})

    assert response.status_code == expected


@pytest.mark.django_db(transaction=True)
def test_a_batch_counts_every_secret_by_kind_and_channel(client: Client) -> None:
    def count() -> float:
        samples = parse(client.get("/metrics").text)
        return total(samples, "senha_gerada_total", kind="pin", door="api")

    before = count()

    client.post("/api/v1/secrets", {"kind": "pin", "count": 7}, content_type="application/json")

    assert count() - before == 7


@pytest.mark.django_db(transaction=True)
def test_requests_are_counted_by_route_and_never_by_path(client: Client) -> None:
    client.get("/a-secret-that-was-pasted-here?q=another-secret")
    client.generic("BREW", "/")
    client.get("/")

    text = client.get("/metrics").text

    assert "a-secret" not in text
    assert "BREW" not in text
    samples = parse(text)
    assert total(samples, "giropops_http_requests_total", route="none", status="404") >= 1
    assert total(samples, "giropops_http_requests_total", method="other") >= 1
    assert total(samples, "giropops_http_request_duration_seconds_count", route="passwords:home")


@pytest.mark.django_db(transaction=True)
def test_failures_of_the_history_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_rows: object) -> None:
        raise DatabaseError

    writer = HistoryWriter()
    monkeypatch.setattr(writing, "RETRY_SECONDS", 3600)
    monkeypatch.setattr(recording, "writer", writer)
    monkeypatch.setattr(writing, "BACKLOG_ROWS", 1)
    monkeypatch.setattr(writing, "_insert", fail)
    before = parse(client.get("/metrics").text)

    for _ in range(3):
        client.post("/api/gerar-senha", {}, content_type="application/json")
    after = parse(client.get("/metrics").text)
    writer.stop(seconds=0)

    def more(name: str, **labels: str) -> float:
        return total(after, name, **labels) - total(before, name, **labels)

    assert total(after, "giropops_history_waiting_rows") == 1
    assert more("giropops_history_lost_rows_total", reason="full") == 2
    assert more("giropops_database_errors_total", error="DatabaseError") == 1


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["version"] == __version__


def test_the_sum_is_exact_over_workers_that_are_killed_and_replaced(app: LiveApp) -> None:
    draw(app, 60)
    first = workers(app)
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(workers(app)) == 2 and not set(first) & set(workers(app)))
    draw(app, 40)
    second = workers(app)
    os.kill(app.pid, signal.SIGHUP)
    until(lambda: len(workers(app)) == 2 and not set(second) & set(workers(app)))
    draw(app, 20)

    samples = scrape(app)

    assert total(samples, "senha_gerada_total") == 120
    assert total(samples, "senha_gerada_total", kind="characters", door="api") == 120
    counted = "giropops_http_request_duration_seconds_count"
    assert total(samples, counted, route="passwords:legacy-generate") == 120


def test_no_file_of_an_ended_worker_stays_and_no_folder_of_an_ended_app(app: LiveApp) -> None:
    environment = Path(f"/proc/{workers(app)[0]}/environ").read_bytes()
    assert b"PROMETHEUS_MULTIPROC_DIR" not in environment  # set after the start
    draw(app, 10)
    (folder,) = metrics_folder._SHARED_MEMORY.glob(f"giropops-metrics-{app.pid}-*")
    ended = workers(app)
    for pid in ended:
        os.kill(pid, signal.SIGTERM)
    until(lambda: len(workers(app)) == 2 and not set(ended) & set(workers(app)))

    pids = {re.sub(r"\D", "", path.name) for path in folder.glob("*.db")}
    app.stop()

    assert not pids & {str(pid) for pid in ended}
    assert not folder.exists()


def keep_rows(path: Path, rows: float) -> None:
    """Write the file of a process that keeps so many rows of the history."""
    from prometheus_client.mmap_dict import MmapedDict, mmap_key  # noqa: PLC0415

    kept = MmapedDict(str(path))  # type: ignore[no-untyped-call]
    name = metrics_folder.WAITING_ROWS
    kept.write_value(mmap_key(name, name, [], [], ""), rows, 0.0)  # type: ignore[no-untyped-call]
    kept.close()  # type: ignore[no-untyped-call]


def test_rows_that_a_killed_worker_kept_are_counted_as_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from prometheus_client.mmap_dict import MmapedDict  # noqa: PLC0415

    keep_rows(tmp_path / "gauge_livesum_4711.db", 12)

    metrics_folder.absorb(tmp_path, 4711)

    lost = list(MmapedDict.read_all_values_from_file(str(tmp_path / "counter_ended.db")))  # type: ignore[no-untyped-call]
    assert [value for _key, value, *_ in lost] == [12.0]
    assert "12 rows lost (killed)" in caplog.text
    assert not list(tmp_path.glob("*4711*"))


def test_metrics_with_their_own_port_are_not_on_the_main_port(start_live_app: StartLiveApp) -> None:
    port = free_port()
    app = start_live_app({"METRICS_PORT": str(port)})
    own = f"http://127.0.0.1:{port}"

    def status(url: str) -> int:
        return requests.get(url, timeout=30).status_code

    assert [status(f"{app.base_url}{path}") for path in ("/metrics", "/", "/healthz")] == [
        *(404, 200, 200)
    ]
    assert [status(f"{own}{path}") for path in ("/metrics", "/", "/healthz", "/api/senhas")] == [
        *(200, 404, 200, 404)
    ]


def test_the_metrics_report_redis_and_its_circuit(app: LiveApp, own_redis: RedisServer) -> None:
    draw(app, 3)
    well = scrape(app)
    own_redis.stop()
    draw(app, 10)
    away = scrape(app)
    own_redis.start()
    until(lambda: not total(scrape(app), "giropops_redis_circuit_open"))
    back = scrape(app)

    assert total(well, "giropops_recents_owners") == 3
    assert total(well, "giropops_history_rows") == 3
    assert total(away, "giropops_redis_errors_total", reason="away") >= 1
    assert total(away, "giropops_redis_circuit_open") >= 1
    assert [
        total(samples, "giropops_dependency_up", dependency="redis")
        for samples in (well, away, back)
    ] == [1, 0, 1]


def test_a_folder_of_the_operators_choice_is_emptied_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv(metrics_folder._IN_USE, raising=False)
    monkeypatch.delenv(metrics_folder.VARIABLE, raising=False)
    (tmp_path / "counter_1.db").write_bytes(b"damaged by the kill of its process")
    (tmp_path / "other").write_bytes(b"kept")

    folder = metrics_folder.prepare(str(tmp_path))
    again = metrics_folder.prepare("")
    metrics_folder.remove()
    for name in (metrics_folder._IN_USE, metrics_folder.VARIABLE):
        monkeypatch.delenv(name)

    assert folder == again == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
    assert "a file is damaged (RuntimeError)" in caplog.text


def test_folders_of_gunicorns_that_were_killed_are_removed(tmp_path: Path) -> None:
    living, own, dead = (
        tmp_path / f"giropops-metrics-{pid}-x" for pid in (os.getppid(), os.getpid(), 2**22 + 1)
    )
    for folder in (living, own, dead):
        folder.mkdir()
        keep_rows(folder / "gauge_livesum_4711.db", 12)

    # In a container the one before had the id of this process, too.
    assert metrics_folder._remove_orphans(tmp_path) == 12
    assert list(tmp_path.iterdir()) == [living]


def test_rows_that_a_killed_gunicorn_kept_are_counted_at_the_next_start(
    start_live_app: StartLiveApp, tmp_path: Path
) -> None:
    app = start_live_app({"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)})
    with closing(sqlite3.connect(app.folder / "app.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        draw(app, 7)
        app.kill()
        other.execute("ROLLBACK")

    app.start()

    assert total(scrape(app), "giropops_history_lost_rows_total", reason="killed") == 7
    assert total(scrape(app), "giropops_history_waiting_rows") == 0
    assert "history: 7 rows lost (killed)" in app.log


def test_a_client_cannot_add_a_label_value() -> None:
    metrics.count_request(route="none", method="x" * 1000, status=404, seconds=0.1)

    text = metrics.encode("")[0].decode()

    assert "xxx" not in text
