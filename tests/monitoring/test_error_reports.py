"""The page of DEBUG, on a real server, shows no cookie, credential, query or key."""

import sqlite3

import requests
from django.conf import settings

from tests.conftest import StartLiveApp
from tests.live import LiveApp
from tests.servers import RedisServer

PRIVATE = {
    "owner": "owner-cookie-6f1c",
    "session": "session-cookie-77ab",
    "csrf": "csrfCookie12" + "x" * 20,  # as long as Django's
    "theme": "theme-cookie-90cd",
    "credential": "bearer-token-1234",
    "query": "query-value-5678",
    "referer": "referer-value-9abc",
    "proxy": "proxy-token-def0",
    "posted": "posted-value-1a2b",
    "file": "file-name-3c4d",
}


def _fail(app: LiveApp, accept: str) -> requests.Response:
    """Send everything private to a view that fails."""
    return requests.post(
        f"{app.base_url}/admin/login/?next={PRIVATE['query']}",
        data={"password": PRIVATE["posted"], "csrfmiddlewaretoken": PRIVATE["csrf"]},
        files={"file": (PRIVATE["file"], b"content")},
        cookies={
            "giropops_owner": PRIVATE["owner"],
            settings.SESSION_COOKIE_NAME: PRIVATE["session"],
            settings.CSRF_COOKIE_NAME: PRIVATE["csrf"],
            "giropops_theme": PRIVATE["theme"],
        },
        headers={
            "Accept": accept,
            "Authorization": f"Bearer {PRIVATE['credential']}",
            "Referer": f"{app.base_url}/?{PRIVATE['referer']}",
            "X-Auth-Request-Session": PRIVATE["proxy"],
        },
        timeout=30,
    )


def test_the_debug_page_shows_nothing_private(start_live_app: StartLiveApp) -> None:
    with RedisServer(password="redis-word-5e6f") as redis:
        app = start_live_app({"DEBUG": "true", "REDIS_URL": redis.url})
        with sqlite3.connect(app.folder / "app.sqlite3") as database:
            database.execute("DROP TABLE django_session")
        database.close()

        answers = [_fail(app, accept) for accept in ("text/html", "text/plain")]

        keys = [app.environment[name] for name in ("SECRET_KEY", "RECENTS_KEYS")]
        app.stop()

    for answer in answers:
        assert answer.status_code == 500
        assert "OperationalError" in answer.text
        assert "REQUEST_METHOD" in answer.text
    reported = app.log + "".join(answer.text for answer in answers)
    private = [*PRIVATE.values(), "redis-word-5e6f", *keys]
    assert [value for value in private if value in reported] == []
