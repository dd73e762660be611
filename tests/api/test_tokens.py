"""API tokens over HTTP: what each scope allows, who is refused, and whose the secrets are."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from giropops.conf.environment import Rate
from giropops.middleware import rate_limit
from passwords import services
from passwords.accounts import tokens
from passwords.models import ApiToken, AuditEntry, Channel, Generation, Policy, Share
from passwords.recents import Owner
from tests.api.clients import (
    COOKIE,
    OLD_RECENTS,
    OLD_SECRETS,
    OPENAPI,
    POLICIES,
    RECENTS,
    SECRETS,
    SHARE_OPEN,
    SHARE_STATUS,
    SHARES,
    errors,
    post,
)
from tests.api.test_shares import body as sealed_body
from tests.api.test_shares import open_link, status

if TYPE_CHECKING:
    # What django-stubs calls the answer of a test client.
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

ID: Final = "0" * 32
BY_POLICY: Final = ("POST", SECRETS, {"policy": "wifi"})
# What each scope allows: the method, the address and the body.
CALLS: Final[dict[str, list[tuple[str, str, Any]]]] = {
    "secrets:draw": [("POST", SECRETS, {}), ("POST", OLD_SECRETS, {}), BY_POLICY],
    "policies:use:wifi": [BY_POLICY],
    "policies:read": [("GET", POLICIES, None)],
    "recents:read": [
        *(("GET", RECENTS, None), ("GET", OLD_RECENTS, None), ("DELETE", RECENTS, None)),
        ("DELETE", f"{RECENTS}/{ID}", None),
    ],
    "shares:read": [
        *(("GET", SHARES, None), ("GET", f"{SHARES}/{ID}", None)),
        ("DELETE", f"{SHARES}/{ID}", None),
    ],
    "shares:create": [("POST", SHARES, sealed_body())],
}
WITHOUT_SCOPE: Final = [
    *(("GET", OPENAPI, None), ("POST", SHARE_STATUS, {"id": sealed_body()["id"]})),
    ("POST", SHARE_OPEN, {"id": sealed_body()["id"], "proof": sealed_body()["verifier"]}),
]
ALL_CALLS: Final = [*(call for calls in CALLS.values() for call in calls), *WITHOUT_SCOPE]

MakeToken = Callable[..., str]


@pytest.fixture
def client(memory_client: Client) -> Client:
    return memory_client


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ana")


@pytest.fixture
def make_token(user: User) -> MakeToken:
    def make(*scopes: str) -> str:
        made = tokens.create(user=user, name="ci", scopes=scopes, channel=Channel.COMMAND, by=None)
        return made.text

    return make


def call(client: Client, method: str, path: str, content: Any, **headers: str) -> "Answer":
    data = b"" if content is None else json.dumps(content).encode()
    return client.generic(method, path, data, content_type="application/json", headers=headers)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def assert_refused(answer: "Answer") -> None:
    assert list(errors(answer, 401)) == ["token"]
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "Set-Cookie" not in answer.headers
    assert not Generation.objects.exists()


@pytest.mark.parametrize("scope", CALLS)
def test_a_scope_allows_its_calls_and_no_other(
    client: Client, make_token: MakeToken, scope: str
) -> None:
    token = make_token(scope)

    for method, path, content in ALL_CALLS:
        answer = call(client, method, path, content, **bearer(token))
        allowed = [*CALLS[scope], *WITHOUT_SCOPE]
        if (method, path, content) in allowed:
            assert answer.status_code not in {401, 422, 500}
            assert "WWW-Authenticate" not in answer.headers
        else:
            missing = next(name for name in CALLS if (method, path, content) in CALLS[name])
            assert errors(answer, 403) == {"token": [f"The token lacks the scope {missing}."]}
            assert answer["WWW-Authenticate"] == (
                f'Bearer error="insufficient_scope", scope="{missing}"'
            )


def test_a_token_for_a_policy_draws_by_no_other(client: Client, make_token: MakeToken) -> None:
    token = make_token("policies:use:wifi", "secrets:draw", "shares:create")

    other = call(client, "POST", SECRETS, {"policy": "pin"}, **bearer(token))

    assert errors(other, 403) == {"token": ["The token lacks the scope policies:use:pin."]}
    for content in ({"policy": "wifi"}, {"policy": "wifi", "share": {}}, {"kind": "pin"}):
        assert call(client, "POST", SECRETS, content, **bearer(token)).status_code == 201
    assert Generation.objects.filter(policy_slug="pin").count() == 0


@pytest.mark.parametrize("scopes", [("policies:use:wifi",), ("recents:read",)])
def test_a_token_does_not_learn_which_policies_exist(
    client: Client, make_token: MakeToken, scopes: tuple[str, ...]
) -> None:
    token = make_token(*scopes)

    with CaptureQueriesContext(connection) as queries:
        real, unknown = (
            call(client, "POST", SECRETS, {"policy": slug, "count": 0}, **bearer(token))
            for slug in ("pin", "nip")
        )

    expected = errors(real, 403)["token"][0].replace("use:pin", "use:nip")
    assert errors(unknown, 403) == {"token": [expected]}
    assert not [query for query in queries if "passwords_policy" in query["sql"]]


@pytest.mark.parametrize("slug", ['pin", x="', "pin\r\nX: y", "é", "", "x" * 51, 5, True, ["pin"]])
def test_a_name_that_no_policy_can_have_is_a_wrong_field(
    client: Client, make_token: MakeToken, slug: object
) -> None:
    for scope in ("policies:use:wifi", "secrets:draw"):
        answer = call(client, "POST", SECRETS, {"policy": slug}, **bearer(make_token(scope)))

        assert list(errors(answer, 422)) == ["policy"]
        assert "WWW-Authenticate" not in answer.headers


def test_the_longest_slug_of_the_table_is_a_name_that_a_policy_can_have() -> None:
    assert Policy.slug.field.max_length == 50


def test_a_secret_and_its_link_need_both_scopes(client: Client, make_token: MakeToken) -> None:
    answer = call(client, "POST", SECRETS, {"share": {}}, **bearer(make_token("secrets:draw")))

    assert errors(answer, 403) == {"token": ["The token lacks the scope shares:create."]}
    assert not Share.objects.exists()


def test_the_secrets_are_the_user_s(client: Client, user: User, make_token: MakeToken) -> None:
    token = make_token("secrets:draw", "shares:create", "shares:read", "recents:read")

    drawn = call(client, "POST", SECRETS, {"share": {"reveal": True}}, **bearer(token))

    (secret,) = drawn.json()["secrets"]
    assert "Set-Cookie" not in drawn.headers
    (item,) = services.recents(Owner.user(user.pk, "ana"))
    assert item.value == secret["value"]
    row = Generation.objects.get()
    assert (row.user_id, row.user_name, row.channel) == (user.pk, "ana", "api")
    assert Share.objects.get().user_id == user.pk
    (link,) = call(client, "GET", SHARES, None, **bearer(token)).json()["shares"]
    assert link["receipt"] == drawn.json()["share"]["receipt"]
    assert call(client, "DELETE", f"{RECENTS}/{item.item_id}", None, **bearer(token)).content == b""
    assert call(client, "GET", RECENTS, None, **bearer(token)).json() == {"recents": []}


def test_a_token_beats_both_cookies_and_needs_no_session(
    client: Client, user: User, make_token: MakeToken, settings: Settings
) -> None:
    settings.RATE_LIMIT = Rate(count=60, seconds=60)  # counting a user reads the session
    other = User.objects.create_user("bia")
    post(client, SECRETS, {})  # sets the owner's cookie
    client.force_login(other)
    assert COOKIE in client.cookies
    token = make_token("secrets:draw", "recents:read")

    with CaptureQueriesContext(connection) as queries:
        call(client, "POST", SECRETS, {}, **bearer(token))

    assert Generation.objects.first().user_name == "ana"  # type: ignore[union-attr]  # there is one
    assert len(services.recents(Owner.user(user.pk, "ana"))) == 1
    assert services.recents(Owner.user(other.pk, "bia")) == []
    assert not [query for query in queries if "django_session" in query["sql"]]


def test_an_invalid_token_beats_a_session_too(client: Client, user: User) -> None:
    client.force_login(user)

    assert_refused(call(client, "GET", RECENTS, None, **bearer("gps_x")))


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"digest": "0" * 64},
    ],
)
def test_an_expired_revoked_or_unknown_token_is_refused(
    client: Client, make_token: MakeToken, change: dict[str, Any]
) -> None:
    token = make_token("secrets:draw")
    ApiToken.objects.update(**change)

    assert_refused(call(client, "POST", SECRETS, {}, **bearer(token)))


def test_a_token_of_a_user_who_is_not_active_is_refused(
    client: Client, make_token: MakeToken
) -> None:
    token = make_token("secrets:draw")
    User.objects.update(is_active=False)

    assert_refused(call(client, "POST", SECRETS, {}, **bearer(token)))


@pytest.mark.parametrize(
    "value",
    [
        *("Bearer", "Bearer ", "bearer x", "BEARER gps_", "Bearer \xff", "Bearer a b"),
        "Bearer gps_0123456789ABCDEFGHIJKLMNOPQRST4PMbyq",
        "Bearer " + "x" * 10_000,
    ],
)
@pytest.mark.parametrize("path", [SECRETS, SHARE_OPEN, "/api/v1/unknown"])
def test_what_is_no_token_is_refused_without_a_query(client: Client, value: str, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = call(client, "POST", path, {}, authorization=value)

    assert len(queries) == 0
    assert_refused(answer)


@pytest.mark.parametrize("value", ["Basic YTpi", "", "gps_0123456789ABCDEFGHIJKLMNOPQRST4PMbyp"])
def test_another_scheme_is_ignored(client: Client, value: str) -> None:
    assert call(client, "POST", SECRETS, {}, authorization=value).status_code == 201


def test_the_scheme_may_have_any_case(client: Client, make_token: MakeToken) -> None:
    value = f"bEARER  {make_token('policies:read')}"

    assert call(client, "GET", POLICIES, None, authorization=value).status_code == 200


def test_a_page_ignores_tokens(client: Client) -> None:
    assert client.get("/", headers=bearer("gps_x")).status_code == 200


def test_without_the_database_no_token_is_accepted(
    client: Client, make_token: MakeToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make_token("secrets:draw")

    def fail(_text: str) -> None:
        raise OperationalError

    monkeypatch.setattr(tokens, "authenticate", fail)
    client.raise_request_exception = False

    assert list(errors(call(client, "POST", SECRETS, {}, **bearer(token)), 503)) == ["database"]


# --- API_REQUIRES_TOKEN ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "content"), [found for found in ALL_CALLS if found not in WITHOUT_SCOPE[1:]]
)
def test_a_closed_api_refuses_who_has_no_token(
    client: Client, settings: Settings, method: str, path: str, content: Any
) -> None:
    settings.API_REQUIRES_TOKEN = True
    client.force_login(User.objects.create_user("bia"))

    for headers in ({}, {"sec-fetch-site": "none"}):
        answer = call(client, method, path, content, **headers)

        assert list(errors(answer, 401)) == ["token"]
        assert answer["WWW-Authenticate"] == "Bearer"
    assert not Generation.objects.exists()


def test_a_closed_api_still_opens_links(client: Client, settings: Settings) -> None:
    post(client, SHARES, sealed_body())
    settings.API_REQUIRES_TOKEN = True

    assert status(client).status_code == 200
    assert open_link(client).status_code == 200


def test_a_closed_api_serves_the_pages_of_a_signed_in_user(
    client: Client, settings: Settings
) -> None:
    settings.API_REQUIRES_TOKEN = True
    same_origin = {"sec-fetch-site": "same-origin"}

    stranger = call(client, "GET", RECENTS, None, **same_origin)
    client.force_login(User.objects.create_user("bia"))
    signed_in = call(client, "GET", RECENTS, None, **same_origin)

    assert (stranger.status_code, signed_in.status_code) == (401, 200)


def test_a_closed_api_accepts_tokens(
    client: Client, settings: Settings, make_token: MakeToken
) -> None:
    settings.API_REQUIRES_TOKEN = True
    token = make_token("secrets:draw")

    for path in (SECRETS, OLD_SECRETS):
        assert call(client, "POST", path, {}, **bearer(token)).status_code < 300


# --- The rate limit -------------------------------------------------------------------------------


def test_each_token_has_a_limit_of_its_own_from_any_address(
    client: Client, settings: Settings, make_token: MakeToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(time=lambda: 1_800_000_000.5))
    settings.RATE_LIMIT = Rate(count=2, seconds=3600)
    first, second = make_token("secrets:draw"), make_token("secrets:draw")

    def draw(token: str, address: int) -> int:
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{address}"
        return call(client, "POST", SECRETS, {}, **bearer(token)).status_code

    assert [draw(first, address) for address in range(3)] == [201, 201, 429]
    assert draw(second, 9) == 201


# --- Machines -------------------------------------------------------------------------------------


def test_secrets_can_be_drawn_without_recents(client: Client) -> None:
    answer = post(client, SECRETS, {"count": 2, "keep": False})

    assert answer.status_code == 201
    content = answer.json()
    assert (len(content["secrets"]), content["recents"], content["recents_kept"]) == (
        *(2, "not kept", 0),
    )
    assert COOKIE not in answer.cookies
    assert Generation.objects.get().count == 2


def test_a_shared_secret_can_be_drawn_without_recents(client: Client) -> None:
    kept = post(client, SECRETS, {"share": {}, "keep": False}).json()
    withheld = post(client, SECRETS, {"share": {"reveal": False}, "keep": False}).json()

    assert (kept["recents"], kept["recents_kept"]) == ("not kept", 0)
    assert kept["secrets"][0]["value"]
    assert withheld["recents"] == "withheld"
    assert client.get(RECENTS).json() == {"recents": []}


def test_a_flat_answer_has_only_the_password(client: Client) -> None:
    answer = post(client, SECRETS, {"kind": "pin", "length": 12, "flat": "password"})

    assert answer.status_code == 201
    content = answer.json()
    assert list(content) == ["password"]
    (kept,) = client.get(RECENTS).json()["recents"]
    assert kept["value"] == content["password"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"keep": None}, "keep"),
        ({"keep": "false"}, "keep"),
        ({"keep": 0}, "keep"),
        ({"flat": None}, "flat"),
        ({"flat": "value"}, "flat"),
        ({"flat": ["password"]}, "flat"),
        ({"flat": "password", "count": 2}, "count"),
        ({"flat": "password", "share": {}}, "flat"),
    ],
)
def test_a_wrong_keep_or_flat_is_named(
    client: Client, content: dict[str, object], field: str
) -> None:
    assert list(errors(post(client, SECRETS, content), 422)) == [field]
    assert not AuditEntry.objects.exists()
