"""The runbook's way back: a migration can be undone, and done again, with data in the tables."""

import sqlite3
from contextlib import closing

import pytest
import requests

from tests.admin.live import manage
from tests.conftest import StartLiveApp
from tests.live import LiveApp


def what_there_is(app: LiveApp) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(app.folder / "app.sqlite3")) as database:
        return [
            database.execute(query).fetchall()
            for query in (
                'SELECT slug, name, "default" FROM passwords_policy ORDER BY slug',
                "SELECT slug, count(*) FROM passwords_historicalpolicy GROUP BY slug",
                "SELECT name FROM auth_group ORDER BY name",
                "SELECT count(*) FROM passwords_generation",
            )
        ]


@pytest.mark.parametrize("number", ["0003", "0001"])
def test_going_back_and_forth_leaves_all_as_it_was(
    start_live_app: StartLiveApp, number: str
) -> None:
    app = start_live_app({})
    requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=30)
    app.stop()
    before = what_there_is(app)

    manage(app, "migrate", "passwords", number)
    manage(app, "migrate")

    assert what_there_is(app) == before
    assert before[-1] == [(1,)]
