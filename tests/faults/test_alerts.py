"""Each alert of deploy/prometheus/rules.yml fires for its cause, and ends with it."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
import pytest
import requests

from tests.faults.conftest import StartRig
from tests.faults.prometheus import PrometheusServer
from tests.faults.proxy import Proxy
from tests.faults.rig import IS_STRICT, Rig, until_replaced
from tests.monitoring.test_metrics import workers
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


class Visitor:
    """A client of the app."""

    def __init__(self, rig: Rig) -> None:
        self._url = rig.app.base_url
        self._session = requests.Session()

    def draw(self) -> None:
        """Draw a password."""
        self._session.post(f"{self._url}/api/gerar-senha", json={}, timeout=30)

    def look_at_recents(self) -> None:
        """List the recents."""
        self._session.get(f"{self._url}/api/senhas", timeout=30)

    def send_no_token(self) -> None:
        """Send the page's form as another site would."""
        self._session.post(f"{self._url}/", {}, timeout=30)


def kill_workers(rig: Rig) -> None:
    old = workers(rig.app)
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    until_replaced(rig, old)


def nothing() -> None:
    """Break nothing, or mend nothing."""


def test_each_alert_fires_and_ends(
    start_rig: StartRig, own_redis: RedisServer, own_postgres: PostgresServer, proxy: Proxy
) -> None:
    database_url = own_postgres.url.replace(f":{own_postgres.port}/", f":{proxy.port}/")
    rig = start_rig(DATABASE_URL=database_url)
    visitor = Visitor(rig)

    with PrometheusServer(rig.app.port) as prometheus:

        def see(
            alert: str,
            break_it: Callable[[], object],
            mend_it: Callable[[], object],
            meanwhile: Callable[[], object] = visitor.draw,
        ) -> None:
            prometheus.wait_for(alert, firing=False, meanwhile=visitor.draw)
            break_it()
            prometheus.wait_for(alert, firing=True, meanwhile=meanwhile)
            mend_it()
            prometheus.wait_for(alert, firing=False, meanwhile=visitor.draw)

        name = "GiropopsSenhas{}".format
        see(name("RecentsUnavailable"), own_redis.stop, own_redis.start)
        see(name("Errors"), own_redis.stop, own_redis.start, visitor.look_at_recents)
        see(name("NothingGenerated"), nothing, nothing, visitor.send_no_token)
        delay = partial(setattr, proxy, "delay_seconds")
        see(name("Slow"), partial(delay, 0.7), partial(delay, 0.0))
        see(name("DatabaseUnavailable"), own_postgres.kill, own_postgres.start)
        with psycopg.connect(own_postgres.url) as operator:
            lock = partial(operator.execute, "LOCK TABLE passwords_generation")
            see(name("DatabaseUnavailable"), lock, operator.rollback)
        own_postgres.kill()
        for _ in range(10):
            visitor.draw()
        see(name("HistoryLost"), partial(kill_workers, rig), own_postgres.start)
        see(name("Down"), rig.app.stop, rig.app.start, nothing)
