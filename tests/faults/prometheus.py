"""A Prometheus that watches the app by the rules of deploy/, in a hurry."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from typing import Final

import requests

from tests.live import ROOT
from tests.servers import HOST, LoopbackServer, find_program

_GIVE_UP_SECONDS: Final = 60.0


class PrometheusServer(LoopbackServer):
    """Scrapes one app and evaluates the rules each second; their minutes are a few seconds here."""

    def __init__(self, app_port: int) -> None:
        super().__init__()
        self._app_port = app_port

    def wait_for(self, alert: str, *, firing: bool, meanwhile: Callable[[], object]) -> None:
        """Do *meanwhile* again and again until *alert* fires, or does no more.

        Raises:
            AssertionError: it takes too long.
        """
        deadline = time.monotonic() + _GIVE_UP_SECONDS
        while (alert in self._firing()) is not firing:
            assert time.monotonic() < deadline, f"{alert} firing: {not firing}"
            meanwhile()
            time.sleep(0.2)

    def _firing(self) -> set[str]:
        answer = requests.get(f"http://{HOST}:{self.port}/api/v1/alerts", timeout=30).json()
        alerts = answer["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}

    def _prepare(self) -> None:
        rules = (ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8")
        rules = re.sub(r"\[\d+m\]", "[10s]", rules)
        rules = re.sub(r"for: \d+m", "for: 2s", rules)
        (self.folder / "rules.yml").write_text(rules)
        configuration = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "scrape_configs": [
                {
                    "job_name": "giropops-senhas",
                    "static_configs": [{"targets": [f"{HOST}:{self._app_port}"]}],
                }
            ],
        }
        (self.folder / "prometheus.yml").write_text(
            json.dumps(configuration)
        )  # YAML is JSON's heir

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                find_program("prometheus"),
                f"--config.file={self.folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={self.folder / 'data'}",
                f"--web.listen-address={HOST}:{self.port}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def _answers(self) -> bool:
        try:
            return requests.get(f"http://{HOST}:{self.port}/-/ready", timeout=1).ok
        except requests.RequestException:
            return False
