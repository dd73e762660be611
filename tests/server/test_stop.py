"""Workers end at once, after they have written everything, and without copying shared memory."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.conftest import StartLiveApp
from tests.live import ROOT, LiveApp
from tests.monitoring.test_metrics import workers
from tests.plugin import fresh_keys
from tests.servers import RedisServer

MEBIBYTE = 2**20


def memory_bytes(app: LiveApp) -> int:
    """Return the memory of the app's processes; a page that they share counts once.

    Whenever one of them ends meanwhile, the others' shares grow, and the sum would count some pages
    twice: such a sum is 0.
    """
    pids = [app.pid, *workers(app)]
    total = sum(map(_proportional_bytes, pids))
    return total if all(map(_proportional_bytes, pids)) else 0


def _proportional_bytes(pid: int) -> int:
    """Return 0 of a process that has ended or is ending."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    sizes = dict(line.split(":") for line in rollup.splitlines()[1:])
    return int(sizes["Pss"].removesuffix("kB")) * 1024 if "Pss" in sizes else 0


def test_stopping_takes_no_more_memory_and_loses_nothing(
    start_live_app: StartLiveApp, redis_server: RedisServer
) -> None:
    # What coverage writes at the end of a process is not the app's.
    app = start_live_app(
        {"REDIS_URL": redis_server.url, "WEB_CONCURRENCY": "2", "COVERAGE_PROCESS_CONFIG": ""}
    )
    pids = workers(app)
    for _ in range(100):
        requests.get(f"{app.base_url}/", timeout=30)
        requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=30)
    before = peak = memory_bytes(app)

    os.kill(app.pid, signal.SIGTERM)
    while workers(app):
        peak = max(peak, memory_bytes(app))
    code = app.wait()

    assert peak <= before + 8 * MEBIBYTE
    assert code == 0
    assert [pid for pid in pids if f"Worker exiting (pid: {pid})" not in app.log] == []
    assert app.log.count('"route":"passwords:legacy-generate"') == 100
    assert "Shutting down: Master" in app.log.splitlines()[-1]
    with sqlite3.connect(app.folder / "app.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM passwords_generation").fetchone() == (100,)
    database.close()
    assert not (app.folder / "app.sqlite3-wal").exists()


@pytest.mark.parametrize(
    ("lines", "app", "expected"),
    [
        ("def post_worker_init(worker): raise RuntimeError", "giropops.wsgi", 3),
        ("preload_app = False", "giropops.wsgi:missing", 4),
    ],
    ids=["boot", "load"],
)
def test_a_worker_that_fails_to_start_keeps_its_exit_code(
    tmp_path: Path, lines: str, app: str, expected: int
) -> None:
    configuration = tmp_path / "conf.py"
    configuration.write_text(f"from giropops.server.gunicorn_conf import *\n{lines}\n")
    own = {
        "DOTENV": "",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'app.sqlite3'}",
        **fresh_keys(),
    }

    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", str(configuration), "-b", "127.0.0.1:0", app],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == expected, ended.stderr
