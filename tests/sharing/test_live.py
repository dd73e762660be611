"""Links over HTTP: the documented client, races over workers and replicas, and no trace left."""

import base64
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
import requests

from passwords.sharing import LinkKey, protocol
from tests.conftest import StartLiveApp
from tests.live import ROOT, LiveApp
from tests.monitoring.test_metrics import scrape, total
from tests.servers import PostgresServer, RedisServer

TEXT = "the-text-of-a-link-3f9c"
PASSPHRASE = "orchid-plank-canoe"
THREADS = 8


@pytest.fixture(scope="module")
def documented() -> Any:
    """The client in docs/sharing.md."""
    page = Path(ROOT, "docs/sharing.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    client: dict[str, Any] = {}
    exec(code, client)  # noqa: S102  # our own documentation
    return SimpleNamespace(**client)


def post(app: LiveApp, path: str, body: dict[str, Any]) -> requests.Response:
    return requests.post(f"{app.base_url}/api/v1{path}", json=body, timeout=60)


def proof_of(key: LinkKey, passphrase: str | None = None) -> dict[str, str]:
    keys = key.unlock(passphrase)
    return {"id": protocol.encode(keys.share_id), "proof": protocol.encode(keys.proof)}


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_the_client_of_the_documentation_makes_and_opens_links(
    live_app: LiveApp, documented: Any, passphrase: str | None
) -> None:
    link = documented.make_link(live_app.base_url, TEXT, passphrase, expires_in=300)

    assert documented.open_link(link, passphrase) == TEXT
    with pytest.raises(Exception, match="404"):
        documented.open_link(link, passphrase)


def test_it_opens_what_the_server_sealed(live_app: LiveApp, documented: Any) -> None:
    drawn = post(live_app, "/secrets", {"share": {}}).json()

    opened = documented.open_link(drawn["share"]["link"], drawn["share"]["passphrase"])

    assert opened == drawn["secrets"][0]["value"]


def test_the_vectors_of_the_documentation_are_those_of_the_tests() -> None:
    page = Path(ROOT, "docs/sharing.md").read_text(encoding="utf-8")
    locked = LinkKey(bytes(range(32))).unlock("açaí-pão-42")
    plain = LinkKey(bytes(range(32))).unlock(None)

    for keys in (plain, locked):
        for value in (keys.share_id, keys.encryption_key, keys.proof, keys.verifier):
            assert f"`{value.hex()}`" in page


@pytest.fixture(params=["two workers on SQLite", "two replicas on PostgreSQL"])
def apps(
    request: pytest.FixtureRequest, start_live_app: StartLiveApp, redis_url: str
) -> Iterator[list[LiveApp]]:
    """Servers with one database between them."""
    if request.param == "two workers on SQLite":
        yield [start_live_app({"REDIS_URL": redis_url, "WEB_CONCURRENCY": "2"})]
        return
    with PostgresServer() as server:
        first = start_live_app({"DATABASE_URL": server.url})
        shared = {name: first.environment[name] for name in ("SECRET_KEY", "RECENTS_KEYS")}
        yield [first, start_live_app({"DATABASE_URL": server.url, **shared})]


def test_of_many_openings_at_once_exactly_as_many_succeed_as_there_are_views(
    apps: list[LiveApp],
) -> None:
    for views in (1, 3):
        for _round in range(3):
            key = LinkKey.draw()
            keys = key.unlock(None)
            made = post(
                apps[0],
                "/shares",
                {
                    "id": protocol.encode(keys.share_id),
                    "verifier": protocol.encode(keys.verifier),
                    "sealed": protocol.encode(protocol.seal(keys, TEXT)),
                    "views": views,
                    "passphrase": False,
                },
            )
            assert made.status_code == 201

            proof = proof_of(key)

            def open_once(number: int, wanted: dict[str, str] = proof) -> int:
                status = 503
                while status == 503:  # it waited too long for the lock of the row
                    app = apps[number % len(apps)]
                    status = post(app, "/shares/open", wanted).status_code
                return status

            with ThreadPoolExecutor(max_workers=THREADS) as pool:
                found = Counter(pool.map(open_once, range(3 * THREADS)))
            assert found == {200: views, 404: 3 * THREADS - views}


def test_a_killed_server_gives_no_text_twice(start_live_app: StartLiveApp, documented: Any) -> None:
    app = start_live_app({})
    links = [documented.make_link(app.base_url, TEXT) for _ in range(60)]
    answers: Counter[str] = Counter()

    def open_once(link: str) -> None:
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            if post(app, "/shares/open", proof_of(LinkKey.parse(link))).status_code == 200:
                answers[link] += 1

    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        openings = [pool.submit(open_once, link) for link in links]
        openings[len(links) // 3].result()
        app.kill()
    for opening in openings:
        opening.result()
    before = len(answers)
    app.start()
    for link in links:
        open_once(link)

    assert before < len(links)
    assert len(answers) > before
    assert set(answers.values()) == {1}


def _forms(value: bytes) -> set[bytes]:
    """Return how a value could be written."""
    return {
        value,
        value.hex().encode(),
        base64.b64encode(value).rstrip(b"="),
        base64.urlsafe_b64encode(value).rstrip(b"="),
    }


def test_no_key_proof_passphrase_or_text_is_kept_or_shown_anywhere(
    start_live_app: StartLiveApp, redis_server: RedisServer, redis_url: str, documented: Any
) -> None:
    app = start_live_app({"REDIS_URL": redis_url, "LOG_FORMAT": "json", "DEBUG": "true"})
    secrets: set[bytes] = {TEXT.encode(), PASSPHRASE.encode()}
    with requests.Session() as session:
        for passphrase in (None, PASSPHRASE):
            link = documented.make_link(app.base_url, TEXT, passphrase, views=2)
            key = LinkKey.parse(link)
            keys = key.unlock(passphrase)
            for value in (key.value, keys.encryption_key, keys.proof):
                secrets |= _forms(value)
            wrong = {**proof_of(key), "proof": protocol.encode(bytes(32))}
            assert post(app, "/shares/open", wrong).status_code == 403
            assert documented.open_link(link, passphrase) == TEXT  # one view stays
        drawn = session.post(
            f"{app.base_url}/api/v1/secrets", json={"share": {"reveal": False}}, timeout=60
        ).json()
        listed = session.get(f"{app.base_url}/api/v1/shares", timeout=60).text
    key = LinkKey.parse(drawn["share"]["link"])
    secrets |= _forms(key.value) | {drawn["share"]["passphrase"].encode()}
    text = documented.open_link(drawn["share"]["link"], drawn["share"]["passphrase"])
    secrets.add(text.encode())

    metrics = requests.get(f"{app.base_url}/metrics", timeout=60).content
    with redis.Redis.from_url(redis_server.url) as client:
        dump = b"".join(name + (client.dump(name) or b"") for name in client.keys("*"))
    files = [path for path in app.folder.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)  # the database, its log, the app's log

    assert b"passwords_share" in kept
    for place in (metrics, dump, kept, app.log.encode(), listed.encode()):
        assert [secret for secret in secrets if secret in place] == []


def test_the_sealed_text_is_gone_from_the_database_after_the_last_view(
    start_live_app: StartLiveApp, documented: Any
) -> None:
    app = start_live_app({})
    link = documented.make_link(app.base_url, TEXT)
    path = app.folder / "app.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        ((payload,),) = database.execute("SELECT payload FROM passwords_share").fetchall()
    assert payload

    documented.open_link(link)
    app.stop()  # which writes the log of the database into its file

    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT state, payload FROM passwords_share").fetchall()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert rows == [("opened", None)]
    assert payload[-64:] not in path.read_bytes()


def test_what_becomes_of_links_is_counted(start_live_app: StartLiveApp, documented: Any) -> None:
    app = start_live_app({})
    assert total(scrape(app), "giropops_shares_ended_total", state="locked") == 0

    documented.open_link(documented.make_link(app.base_url, TEXT))
    key = LinkKey.parse(documented.make_link(app.base_url, TEXT))
    for _ in range(10):
        post(app, "/shares/open", {**proof_of(key), "proof": protocol.encode(bytes(32))})
    with requests.Session() as session:
        made = session.post(f"{app.base_url}/api/v1/secrets", json={"share": {}}, timeout=60)
        receipt = made.json()["share"]["receipt"]
        session.delete(f"{app.base_url}/api/v1/shares/{receipt}", timeout=60)

    samples = scrape(app)
    assert total(samples, "giropops_shares_created_total", channel="api") == 3
    assert total(samples, "giropops_shares_opened_total") == 1
    for state, links in {"opened": 1, "locked": 1, "revoked": 1, "expired": 0}.items():
        assert total(samples, "giropops_shares_ended_total", state=state) == links
