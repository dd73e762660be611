"""Each alert of deploy/prometheus/rules.yml fires for what the runbook says, and ends with it."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.faults.conftest import StartRig
from tests.faults.prometheus import PrometheusServer
from tests.faults.proxy import Proxy
from tests.faults.rig import IS_STRICT, until_replaced
from tests.observability.test_metrics import workers
from tests.servers import PostgresServer, RedisServer

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not IS_STRICT, reason="takes over a minute: in `make faults` alone"),
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="no Prometheus is installed"),
]


@pytest.fixture
def proxy(own_postgres: PostgresServer) -> Iterator[Proxy]:
    """A proxy in front of PostgreSQL."""
    with Proxy(own_postgres.port) as proxy:
        yield proxy


def test_each_alert_fires_and_ends(
    start_rig: StartRig, own_redis: RedisServer, own_postgres: PostgresServer, proxy: Proxy
) -> None:
    database_url = own_postgres.url.replace(f":{own_postgres.port}/", f":{proxy.port}/")
    rig = start_rig(DATABASE_URL=database_url)
    visitor = requests.Session()

    def draw() -> None:
        visitor.post(f"{rig.app.base_url}/api/gerar-senha", json={}, timeout=30)

    def look_at_recents() -> None:
        visitor.get(f"{rig.app.base_url}/api/senhas", timeout=30)

    def send_no_token() -> None:
        visitor.post(f"{rig.app.base_url}/", {}, timeout=30)

    def kill_worker() -> None:
        old = workers(rig.app)[:1]
        os.kill(old[0], signal.SIGKILL)
        until_replaced(rig, old)

    def answer_late(seconds: float) -> None:
        proxy.delay_seconds = seconds

    with PrometheusServer(rig.app.port) as prometheus:

        def see(
            alert: str,
            break_it: Callable[[], object],
            mend_it: Callable[[], object],
            *,
            meanwhile: Callable[[], object] = draw,
            after: Callable[[], object] = draw,
        ) -> None:
            draw()
            prometheus.wait_for(alert, firing=False, meanwhile=draw)
            break_it()
            prometheus.wait_for(alert, firing=True, meanwhile=meanwhile)
            mend_it()
            prometheus.wait_for(alert, firing=False, meanwhile=after)

        nothing = str
        name = "GiropopsSenhas{}".format
        see(name("RecentsUnavailable"), own_redis.stop, own_redis.start)
        see(name("Errors"), own_redis.stop, own_redis.start, meanwhile=look_at_recents)
        see(name("NothingGenerated"), nothing, nothing, meanwhile=send_no_token)
        see(name("Slow"), lambda: answer_late(0.7), lambda: answer_late(0.0))
        see(name("DatabaseUnavailable"), own_postgres.kill, own_postgres.start)
        own_postgres.kill()
        for _ in range(10):
            draw()
        see(name("HistoryLost"), kill_worker, own_postgres.start)
        see(name("Down"), rig.app.stop, rig.app.start, meanwhile=nothing)
