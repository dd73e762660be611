"""The thread of a worker that sums and seals behind the requests."""

import threading
from typing import Any

import pytest
from django.db import OperationalError

from passwords import audit, background, pruning, recents, sharing
from passwords.background import BackgroundThread
from passwords.history import daily_totals


@pytest.mark.parametrize("error", [OperationalError, ValueError])
def test_a_job_that_fails_is_logged_and_tried_again_and_stops_no_other(
    caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    tries: list[int] = []
    done = threading.Event()

    def fail() -> None:
        tries.append(1)
        raise error("words of the database")

    def work() -> None:
        if len(tries) > 1:
            done.set()

    thread = BackgroundThread([fail, work], interval=0.01)

    thread.start()

    assert done.wait(timeout=10)
    thread.stop()
    assert f"fail failed ({error.__name__})" in caplog.text
    assert "words of the database" not in caplog.text


def test_rows_are_summed_with_and_without_the_chain(settings: Any) -> None:
    others = [pruning.prune_daily, sharing.end_expired]
    assert list(background.jobs()) == [daily_totals.update, audit.seal, *others]

    settings.AUDIT_CHAIN = False

    assert list(background.jobs()) == [daily_totals.update, *others]


def test_keys_are_compared_where_redis_is_used(settings: Any) -> None:
    settings.CACHES = {**settings.CACHES, "recents": {}}

    assert list(background.jobs())[-1] == recents.compare_keys
