"""A byte search for secrets and API tokens, wherever something is kept or shown."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import redis

from tests.admin.live import SESSION_COOKIE, manage, session_of_superuser
from tests.conftest import StartLiveApp
from tests.live import LiveApp
from tests.servers import RedisServer

SECRETS = 1000
_AT_ONCE = 100
PAGES = (
    "/admin/",
    "/admin/passwords/generation/",
    "/admin/passwords/generation/1/change/",
    "/admin/passwords/generation/export/",
    "/admin/passwords/auditentry/",
    "/admin/passwords/policy/",
    "/admin/passwords/policy/1/change/",
    "/admin/passwords/policy/1/history/",
    "/admin/passwords/apitoken/",
    "/admin/passwords/apitoken/add/",
    "/admin/auth/user/",
)


@pytest.fixture
def app(start_live_app: StartLiveApp, redis_url: str) -> LiveApp:
    """The app with two workers and recents in Redis, where all of them stay."""
    environment = {"REDIS_URL": redis_url, "WEB_CONCURRENCY": "2", "RECENTS_LIMIT": "100"}
    return start_live_app(environment)


def _send(
    app: LiveApp, path: str, *, body: object = None, cookie: str = "", token: str = ""
) -> bytes:
    request = urllib.request.Request(  # noqa: S310  # our own server
        f"{app.base_url}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Cookie": cookie,
            **({"Authorization": f"Bearer {token}"} if token else {}),
        },
    )
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310  # our own server
        content: bytes = response.read()
        return content


def _generate(app: LiveApp) -> list[bytes]:
    found: list[bytes] = []
    while len(found) < SECRETS:
        answer = json.loads(_send(app, "/api/v1/secrets", body={"length": 24, "count": _AT_ONCE}))
        found += [secret["value"].encode() for secret in answer["secrets"]]
    return found


def _dump(server: RedisServer) -> bytes:
    with redis.Redis.from_url(server.url) as client:
        keys = client.keys("*")
        assert keys
        return b"".join(key + (client.dump(key) or b"") for key in keys)


def _places(app: LiveApp, redis_server: RedisServer, cookie: str) -> dict[str, bytes]:
    """Return what each place holds or shows."""
    pages = {path: _send(app, path, cookie=cookie) for path in PAGES}
    return pages | {
        "the commands' exports": manage(app, "history", "export")
        + manage(app, "history", "seal")
        + manage(app, "policies", "export")
        + manage(app, "recents", "list")
        + manage(app, "tokens", "list"),
        "Redis": _dump(redis_server),
        "the log": app.log.encode(),
        "the database": b"".join(
            path.read_bytes() for path in sorted(Path(app.folder).glob("app.sqlite3*"))
        ),
    }


def test_none_of_a_thousand_secrets_is_kept_or_shown_in_the_clear(
    app: LiveApp, redis_server: RedisServer
) -> None:
    secrets = _generate(app)

    places = _places(app, redis_server, f"{SESSION_COOKIE}={session_of_superuser(app)}")

    assert len(set(secrets)) == SECRETS
    assert all(places.values())
    found = [place for place, content in places.items() if any(s in content for s in secrets)]
    assert found == []


def test_no_token_is_kept_or_shown(app: LiveApp, redis_server: RedisServer) -> None:
    cookie = f"{SESSION_COOKIE}={session_of_superuser(app)}"
    create = ("tokens", "create", "ci", "--user", "lead", "--scope", "secrets:draw")
    token, revoked = (manage(app, *create).decode().strip() for _ in range(2))
    _send(app, "/api/v1/secrets", body={}, token=token)
    manage(app, "tokens", "revoke", "2")
    for refused in (revoked, f"{token[:-1]}!"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            _send(app, "/api/v1/secrets", body={}, token=refused)

    places = _places(app, redis_server, cookie)
    places["the page of the token"] = _send(
        app, "/admin/passwords/apitoken/1/change/", cookie=cookie
    )
    places["the metrics"] = _send(app, "/metrics")

    parts = [text[start : start + 12].encode() for text in (token, revoked) for start in (4, 16)]
    found = [place for place, content in places.items() if any(p in content for p in parts)]
    assert found == []
