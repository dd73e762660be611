"""Too many requests, and requests that are too large, too deep or too long, are refused."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import redis
import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, override_settings

from giropops.conf.environment import Rate, rate
from giropops.middleware import rate_limit
from passwords import owners, urls
from passwords.recents import ProcessCounter, RecentsUnavailableError, memory, open_store
from tests.conftest import StartLiveApp

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

JSON = "application/json"
THREE = Rate(count=3, seconds=3600)


@pytest.fixture(autouse=True)
def _fresh_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin at nothing, in a window that does not end."""
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(time=lambda: 1_800_000_000.5))
    open_store.cache_clear()
    yield
    open_store.cache_clear()


def draw(client: Client, **headers: str) -> int:
    return client.post("/api/gerar-senha", {}, JSON, headers=headers).status_code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("off", None),
        ("1/second", Rate(count=1, seconds=1)),
        ("60/minute", Rate(count=60, seconds=60)),
        ("100000/hour", Rate(count=100_000, seconds=3600)),
    ],
)
def test_a_rate_is_a_number_in_a_period(value: str, expected: Rate | None) -> None:
    assert rate(value) == expected


@pytest.mark.parametrize("value", ["0/minute", "1/day", "-1/hour", "1", "1/minute/minute", "x"])
def test_what_is_no_rate_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=value):
        rate(value)


def test_there_is_no_limit_unless_one_is_set() -> None:
    client = Client()

    assert {draw(client) for _ in range(50)} == {200}


@pytest.mark.parametrize(
    ("path", "body"), [("/", b"x"), ("/api/gerar-senha", b"{}"), ("/api/v1/secrets", b"{}")]
)
@override_settings(RATE_LIMIT=THREE)
def test_a_request_over_the_limit_gets_retry_after(path: str, body: bytes) -> None:
    client = Client()
    for _ in range(3):
        assert client.post(path, body, JSON).status_code < 429

    response = client.post(path, body, JSON)

    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 3600
    assert client.get("/").status_code == 429
    assert client.head("/").status_code == 200


@override_settings(RATE_LIMIT=THREE)
def test_a_new_cookie_gives_no_new_limit() -> None:
    statuses = [draw(Client()) for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


@override_settings(RATE_LIMIT=THREE, TRUSTED_PROXIES=1)
def test_an_owner_is_limited_across_addresses() -> None:
    client = Client()
    draw(client, x_forwarded_for="198.51.100.0")  # sets the cookie

    statuses = [draw(client, x_forwarded_for=f"198.51.100.{number}") for number in range(1, 5)]

    assert statuses == [200, 200, 200, 429]


@override_settings(RATE_LIMIT=THREE)
def test_an_address_that_the_client_makes_up_is_not_believed() -> None:
    statuses = [draw(Client(), x_forwarded_for=f"198.51.100.{number}") for number in range(4)]

    assert statuses == [200, 200, 200, 429]


@override_settings(RATE_LIMIT=THREE, TRUSTED_PROXIES=1)
def test_each_client_behind_a_proxy_has_its_own_limit() -> None:
    statuses = [
        draw(Client(), x_forwarded_for=f"6.6.6.6, 198.51.100.{number % 2}") for number in range(8)
    ]

    assert statuses == [200] * 6 + [429] * 2


def test_attempts_to_sign_in_are_always_limited() -> None:
    client = Client()
    form = {"username": "ana", "password": "wrong"}

    statuses = [client.post("/admin/login/", form).status_code for _ in range(31)]

    assert 429 not in statuses[:4]
    assert statuses[-1] in {403, 429}  # ours, or the lock of the account before it


def test_the_limit_is_exact_over_workers(
    start_live_app: StartLiveApp, redis_url: str, redis_client: redis.Redis
) -> None:
    app = start_live_app({"REDIS_URL": redis_url, "WEB_CONCURRENCY": "2", "RATE_LIMIT": "20/hour"})

    def post(_number: int) -> int:
        return requests.post(f"{app.base_url}/api/gerar-senha", json={}, timeout=30).status_code

    with ThreadPoolExecutor(max_workers=8) as pool:
        statuses = sorted(pool.map(post, range(60)))

    assert statuses == [200] * 20 + [429] * 40
    (key,) = redis_client.keys("giropops:count:*")
    assert b"127.0.0.1" not in key
    assert 0 < redis_client.ttl(key) <= 3600


@override_settings(RATE_LIMIT=THREE)
def test_without_redis_each_process_counts_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class AwayStore:
        def count(self, _key: object, _seconds: int) -> int:
            raise RecentsUnavailableError

    client = Client()
    monkeypatch.setattr(rate_limit, "open_store", AwayStore)
    monkeypatch.setattr(rate_limit, "_process_counter", ProcessCounter())

    assert [draw(client) for _ in range(4)] == [200, 200, 200, 429]


def test_counts_do_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MAX_KEYS", 2)
    counter = ProcessCounter()

    for key in ("a", "b", "c", "d"):
        counter.count(key)

    assert len(counter._counts) == 2


def test_a_flood_of_keys_resets_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MAX_KEYS", 5)
    counter = ProcessCounter()

    counts = []
    for number in range(20):
        counts.append(counter.count("me"))
        counter.count(f"another-{number}")

    assert counts == list(range(1, 21))


class RecordingStore:
    """A counter that keeps the keys it was given."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, key: str, _seconds: int) -> int:
        self.counts[key] += 1
        return self.counts[key]


@pytest.fixture
def counting_store(monkeypatch: pytest.MonkeyPatch) -> RecordingStore:
    store = RecordingStore()
    monkeypatch.setattr(rate_limit, "open_store", lambda: store)
    return store


@override_settings(RATE_LIMIT=THREE)
def test_cookies_that_were_made_up_are_not_counted(counting_store: RecordingStore) -> None:
    for number in range(50):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = f"made-up-{number}"
        client.cookies[owners.COOKIE_NAME] = f"{number:032x}:{'x' * 43}"
        draw(client)

    assert len(counting_store.counts) == 1


@override_settings(RATE_LIMIT=THREE, RECENTS_SCOPE="shared")
def test_shared_recents_give_a_stranger_no_key_of_their_own(counting_store: RecordingStore) -> None:
    for _ in range(3):
        draw(Client())

    assert len(counting_store.counts) == 1


@override_settings(RATE_LIMIT=THREE, TRUSTED_PROXIES=1)
def test_over_the_limit_of_the_address_nothing_else_is_counted(
    counting_store: RecordingStore,
) -> None:
    clients = [Client() for _ in range(10)]
    for number, client in enumerate(clients):
        draw(client, x_forwarded_for=f"192.0.2.{number}")  # sets the cookie
    for _ in range(3):
        draw(Client(), x_forwarded_for="198.51.100.7")
    before = len(counting_store.counts)

    statuses = {draw(client, x_forwarded_for="198.51.100.7") for client in clients}

    assert statuses == {429}
    assert len(counting_store.counts) == before


@override_settings(RATE_LIMIT=THREE, TRUSTED_PROXIES=1)
def test_a_signed_in_user_is_limited_across_addresses(django_user_model: type[User]) -> None:
    user = django_user_model.objects.create_user("ana")
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(user)

    statuses = [
        draw(client, x_forwarded_for=f"198.51.100.{number}")
        for number, client in enumerate(clients)
    ]

    assert statuses == [200, 200, 200, 429]


@override_settings(RATE_LIMIT=THREE, TRUSTED_PROXIES=1)
def test_all_addresses_of_an_ipv6_network_have_one_limit() -> None:
    statuses = [
        draw(Client(), x_forwarded_for=f"[2001:db8:1:2::{number:x}]:6{number:04}")
        for number in range(4)
    ]

    assert statuses == [200, 200, 200, 429]


def public_routes() -> list[str]:
    """Return an address of each public route."""
    return [
        f"/{str(pattern.pattern).replace('<str:item_id>', '0' * 32)}"
        for pattern in urls.urlpatterns
    ]


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
@pytest.mark.parametrize("path", public_routes())
@override_settings(RATE_LIMIT=Rate(count=1, seconds=3600))
def test_every_route_that_writes_is_rate_limited(path: str, method: str) -> None:
    client = Client()

    first, second = (client.generic(method, path, b"", "text/plain") for _ in range(2))

    assert (first.status_code != 429, second.status_code) == (True, 429)


@override_settings(RATE_LIMIT=Rate(count=1, seconds=3600))
def test_the_page_which_draws_a_draft_is_rate_limited() -> None:
    client = Client()

    assert [client.get("/?kind=pin").status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("path", sorted(set(public_routes()) - {"/"}))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@override_settings(RATE_LIMIT=Rate(count=1, seconds=3600))
def test_reading_is_under_no_limit(path: str, method: str) -> None:
    client = Client()

    assert 429 not in {client.generic(method, path).status_code for _ in range(3)}


@override_settings(RATE_LIMIT=Rate(count=1, seconds=3600))
def test_the_head_of_the_page_is_under_no_limit() -> None:
    client = Client()

    assert {client.head("/").status_code for _ in range(3)} == {200}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b'{"length":' + b"[" * 1000 + b"]" * 1000 + b"}",
        b'{"length":' + b"9" * 60_000 + b"}",
        b'{"policy":"' + b"x" * 60_000 + b'"}',
        json.dumps({f"field{number}": 1 for number in range(3000)}).encode(),
    ],
    ids=["lists", "objects", "nested", "digits", "text", "fields"],
)
@pytest.mark.parametrize("path", ["/api/v1/secrets", "/api/gerar-senha"])
def test_json_too_deep_or_too_long_is_refused(path: str, body: bytes) -> None:
    response = Client().post(path, body, JSON)

    # The old endpoint ignores unknown fields, as the old app did.
    assert response.status_code in {400, 422} or path == "/api/gerar-senha"
    assert response.status_code < 500
    assert len(response.content) < 2000


@pytest.mark.parametrize(
    "recipe",
    [
        {"kind": "characters", "length": 256},
        {"kind": "passphrase", "words": 20},
        {"kind": "pin", "length": 32},
        {"kind": "token", "bytes": 64},
    ],
)
def test_a_request_s_size_is_bounded(recipe: dict[str, object]) -> None:
    largest = Client().post("/api/v1/secrets", {**recipe, "count": 100}, JSON)
    beyond = Client().post("/api/v1/secrets", {**recipe, "count": 101}, JSON)

    assert (largest.status_code, beyond.status_code) == (201, 422)
    assert len(largest.content) < 64 * 1024


def test_a_form_of_too_many_fields_is_refused() -> None:
    response = Client().post("/", {f"field{number}": "1" for number in range(200)})

    assert response.status_code == 400
