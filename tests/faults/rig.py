"""The app under load with something broken, and the figures of how it took it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import requests

from tests.faults.load import Load, Tally
from tests.live import LiveApp
from tests.monitoring.test_metrics import Samples, parse, total, until, workers

HOLD_SECONDS: Final = float(os.environ.get("FAULTS_HOLD_SECONDS", "1.5"))
"""How long a fault lasts."""
IS_STRICT: Final = "FAULTS_HOLD_SECONDS" in os.environ
"""Whether times are judged too: on a machine that nobody shares."""
MAX_P99_SECONDS: Final = 1.0
MAX_RECOVERY_SECONDS: Final = 5.0
_GIVE_UP_SECONDS: Final = 60.0


@dataclass
class Figures:
    """One line of the table."""

    name: str
    tally: Tally
    ready_status: str = ""
    rows: int = 0
    lost: int = 0
    recovery_seconds: float = 0.0
    shown: str = ""


table: list[Figures] = []
"""What the tests of this process have measured."""


class Rig:
    """The app, and its state as seen from outside.

    Args:
        app: shared by the tests of a module: what is counted begins with the test.
        count_rows: counts the history.
    """

    def __init__(self, app: LiveApp, count_rows: Callable[[LiveApp], int]) -> None:
        self.app = app
        self._count_all_rows = count_rows
        self._rows_before = count_rows(app)
        self._own_draws = 0
        self._before = self.scrape()

    def ready(self) -> tuple[int, dict[str, Any]]:
        """Return the status and content of `/readyz`."""
        answer = requests.get(f"{self.app.base_url}/readyz", timeout=30)
        return answer.status_code, answer.json()

    def scrape(self) -> Samples:
        """Return the metrics."""
        return parse(requests.get(f"{self.app.base_url}/metrics", timeout=30).text)

    def increase(self, counter: str) -> float:
        """Return how much a counter of the app has increased since the test began."""
        return total(self.scrape(), counter) - total(self._before, counter)

    def count_rows(self) -> int:
        """Return how many rows the test has added to the history, without those of `draw`."""
        return self._count_all_rows(self.app) - self._rows_before - self._own_draws

    def draw(self) -> str:
        """Draw one secret; return whether it was kept, by the response."""
        answer = requests.post(f"{self.app.base_url}/api/v1/secrets", json={}, timeout=30)
        self._own_draws += answer.status_code == requests.codes.created
        return str(answer.json().get("recents"))

    def is_well(self) -> bool:
        """Return whether all is as before: ready, recents kept, no row waiting."""
        try:
            status, content = self.ready()
            kept = self.draw()
            waiting = total(self.scrape(), "giropops_history_waiting_rows")
        except requests.ConnectionError:
            return False
        return (status, content["status"], kept, waiting) == (200, "ok", "kept", 0)

    def recover(self) -> float:
        """Return how many seconds it takes until the app is well."""
        started = time.monotonic()
        while not self.is_well():
            assert time.monotonic() - started < _GIVE_UP_SECONDS, (
                f"{self.ready()}\n{self.app.log[-4000:]}"
            )
            time.sleep(0.1)
        return time.monotonic() - started

    def run(
        self,
        name: str,
        *,
        break_it: Callable[[], object],
        mend_it: Callable[[], object],
        look: Callable[[], str] = str,
        hold_seconds: float = HOLD_SECONDS,
    ) -> Figures:
        """Let *break_it* happen under load, hold it, mend it, and see how all ends.

        Args:
            name: in the table.
            break_it: makes the fault.
            mend_it: ends it.
            look: looks at the app while it is broken; what it returns is in the table.
            hold_seconds: how long the fault lasts.
        """
        with Load(self.app.port) as load:
            time.sleep(0.5)
            break_it()
            try:
                time.sleep(hold_seconds / 2)
                status, content = self.ready()
                shown = look()
                time.sleep(hold_seconds / 2)
            finally:
                mend_it()  # the next test uses the same servers
            seconds = self.recover()
        figures = Figures(
            name=name,
            tally=load.tally,
            ready_status=f"{status} {content['status']}",
            recovery_seconds=seconds,
            lost=int(self.increase("giropops_history_lost_rows_total")),
            rows=self.count_rows(),
            shown=shown,
        )
        table.append(figures)
        return figures


def until_replaced(rig: Rig, old: list[int]) -> None:
    """Wait until two new workers are there for the *old* ones."""
    until(lambda: len(workers(rig.app)) == 2 and not set(old) & set(workers(rig.app)))


def judge(figures: Figures, *, broken_allowed: int = 0) -> None:
    """Fail when the app broke a promise."""
    tally = figures.tally
    assert tally.failed == 0, tally.statuses
    assert set(tally.statuses) <= {200, 201}, tally.statuses
    assert tally.broken <= broken_allowed
    assert tally.drawn > 0
    if IS_STRICT:
        assert tally.p99_seconds < MAX_P99_SECONDS
        assert figures.recovery_seconds < MAX_RECOVERY_SECONDS


def judge_history(figures: Figures, *, unsure: int = 0) -> None:
    """Fail when a row is missing that was not counted as lost.

    Args:
        figures: of the fault.
        unsure: how many more rows there may be than answers: requests whose answer broke off.
    """
    written = figures.rows + figures.lost
    assert figures.tally.drawn <= written <= figures.tally.drawn + unsure


def print_table(write: Callable[[str], None]) -> None:
    """Write the figures as a table."""
    write(
        f"{'fault':34} {'answers':>8} {'5xx':>4} {'broken':>6} {'p99 ms':>7} {'recovery s':>10}"
        f" {'rows':>7} {'lost':>5}  {'readiness':16} shown"
    )
    for line in table:
        tally = line.tally
        write(
            f"{line.name:34} {tally.answered:8} {tally.failed:4} {tally.broken:6}"
            f" {tally.p99_seconds * 1000:7.0f} {line.recovery_seconds:10.1f} {line.rows:7}"
            f" {line.lost:5}  {line.ready_status:16} {line.shown}"
        )
