"""The master of a Redis behind Sentinel dies: the app goes on with the next one by itself."""

import pytest

from tests.faults.conftest import StartRig
from tests.faults.rig import judge, judge_history
from tests.faults.test_redis import NOT_KEPT, see
from tests.sentinels import watched_redis

pytestmark = pytest.mark.faults


def test_the_master_is_killed_under_load(start_rig: StartRig) -> None:
    with watched_redis() as watched:
        rig = start_rig(**watched.environment)

        figures = rig.run(
            "Redis: master killed (Sentinel)",
            break_it=watched.master.kill,
            mend_it=watched.wait_for_failover,
            look=lambda: see(rig),
            hold_seconds=0.5,  # the Sentinel needs a second to notice
        )

    judge(figures)
    judge_history(figures)
    assert (figures.ready_status, figures.shown) == ("200 degraded", NOT_KEPT)
