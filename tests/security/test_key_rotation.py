"""Keys change while the app is in use, and no recent secret is lost."""

import subprocess
import sys
import threading
import time

import requests

from tests.conftest import StartLiveApp
from tests.live import ROOT, LiveApp
from tests.plugin import fresh_keys


def use(root: str, session: requests.Session, drawn: list[str]) -> bool:
    """Draw a secret, and add it to *drawn* if it was kept; return whether it was."""
    answer = session.post(f"{root}/api/v1/secrets", json={}, timeout=30).json()
    if answer["recents"] != "kept":
        return False
    drawn.append(answer["secrets"][0]["value"])
    return True


def listed(app: LiveApp, session: requests.Session) -> list[str]:
    answer = session.get(f"{app.base_url}/api/v1/recents", timeout=30)
    assert answer.status_code == 200, answer.text
    return [item["value"] for item in answer.json()["recents"]]


def test_the_keys_of_recents_change_under_load(
    start_live_app: StartLiveApp, redis_url: str
) -> None:
    old, new = (fresh_keys()["RECENTS_KEYS"] for _ in range(2))
    common = {
        "REDIS_URL": redis_url,
        "SECRET_KEY": fresh_keys()["SECRET_KEY"],
        "RECENTS_LIMIT": "100",
    }
    reads_both = start_live_app({**common, "RECENTS_KEYS": f"{old},{new}"})
    writes_with_new = start_live_app({**common, "RECENTS_KEYS": f"{new},{old}"})
    sessions = [requests.Session() for _ in range(2)]
    drawn: list[list[str]] = [[] for _ in sessions]
    stop = threading.Event()

    def go_on(number: int) -> None:
        while len(drawn[number]) < 90 and not stop.is_set():
            app = (reads_both, writes_with_new)[len(drawn[number]) % 2]
            use(app.base_url, sessions[number], drawn[number])
            stop.wait(0.05)

    threads = [threading.Thread(target=go_on, args=[number]) for number in range(len(sessions))]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(0.3)
        _reseal(writes_with_new)
    stop.set()
    for thread in threads:
        thread.join()
    reads_both.stop()
    _reseal(writes_with_new)

    reads_new_only = start_live_app({**common, "RECENTS_KEYS": new})

    assert min(map(len, drawn)) > 3
    for session, values in zip(sessions, drawn, strict=True):
        # On a busy machine Redis may answer too late: it has then kept more than the app knows of.
        found = [value for value in listed(reads_new_only, session) if value in values]
        assert found == values[::-1]


def test_cookies_outlive_a_change_of_the_secret_key(
    start_live_app: StartLiveApp, redis_url: str
) -> None:
    keys = fresh_keys()
    common = {"REDIS_URL": redis_url, "RECENTS_KEYS": keys["RECENTS_KEYS"]}
    session, drawn = requests.Session(), list[str]()
    before = start_live_app({**common, "SECRET_KEY": keys["SECRET_KEY"]})
    assert use(before.base_url, session, drawn)

    new = fresh_keys()["SECRET_KEY"]
    during = start_live_app(
        {**common, "SECRET_KEY": new, "SECRET_KEY_FALLBACKS": keys["SECRET_KEY"]}
    )
    assert use(during.base_url, session, drawn)  # signs the cookie anew
    after = start_live_app({**common, "SECRET_KEY": new})
    assert use(after.base_url, session, drawn)

    assert listed(after, session) == drawn[::-1]


def _reseal(app: LiveApp) -> None:
    command = [sys.executable, "manage.py", "recents", "reseal"]
    subprocess.run(command, cwd=ROOT, env=app.environment, check=True, capture_output=True)
