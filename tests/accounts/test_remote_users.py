"""Sign-in through a proxy: who may name a user, accounts, groups and sessions."""

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Final

import pytest
from axes.models import AccessAttempt
from django.contrib import auth
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from giropops.conf.environment import networks
from giropops.monitoring.logs import redacted
from passwords.accounts import remote_users, second_factor, tokens
from passwords.client_address import client_address
from passwords.models import Action, AuditEntry, Channel, Generation
from passwords.recents import open_store

pytestmark = pytest.mark.django_db

PROXY: Final = "10.1.2.3"
STRANGER: Final = "192.0.2.9"
SECRETS: Final = "/api/v1/secrets"
RECENTS: Final = "/api/v1/recents"
LOGIN: Final = "/admin/login/"
JSON: Final = "application/json"

NewClient = Callable[..., Client]


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> Iterator[None]:
    settings.TRUSTED_PROXIES = 1
    settings.TRUSTED_PROXY_ADDRESSES = networks("10.0.0.0/8, 2001:db8::/32")
    settings.REMOTE_USER_HEADER = "X-Forwarded-User"
    settings.REMOTE_GROUPS_HEADER = "X-Forwarded-Groups"
    settings.AUTHENTICATION_BACKENDS = [remote_users.BACKEND, *settings.AUTHENTICATION_BACKENDS]
    open_store.cache_clear()
    yield
    open_store.cache_clear()


def visitor(name: str | None = None, *, peer: str = PROXY, **headers: str) -> Client:
    """Return a browser whose requests come from *peer*, with the user's name as WSGI gives it."""
    named = {} if name is None else {"x-forwarded-user": name.encode().decode("latin-1")}
    return Client(headers={"accept-language": "en", **named, **headers}, REMOTE_ADDR=peer)


def name_in(client: Client) -> str:
    """Return the name of the user who is signed in to the page, or an empty text."""
    user = client.get("/").wsgi_request
    return user.user.get_username() if hasattr(user, "user") else ""


def draw(client: Client, **headers: str) -> Any:
    return client.post(SECRETS, {"length": 20}, content_type=JSON, headers=headers)


def actions() -> list[str]:
    return [*AuditEntry.objects.order_by("pk").values_list("action", flat=True)]


def test_a_new_user_gets_an_account_without_a_password_and_one_session() -> None:
    client = visitor("ana@example.com")

    assert [name_in(client) for _ in range(3)] == ["ana@example.com"] * 3
    user = User.objects.get()
    assert [user.has_usable_password(), user.is_staff, user.is_superuser] == [False] * 3
    assert Session.objects.count() == 1
    assert actions() == [Action.ACCOUNT_ADDED, Action.SIGNED_IN]


@pytest.mark.parametrize("peer", [PROXY, f"::ffff:{PROXY}", "2001:db8::5"])
def test_a_trusted_address_may_name_the_user(peer: str) -> None:
    assert name_in(visitor("ana", peer=peer)) == "ana"


@pytest.mark.parametrize("peer", [STRANGER, f"::ffff:{STRANGER}", "::1", "", "unix:", "fe80::1%x"])
def test_any_other_address_sets_no_header_of_a_proxy(
    peer: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = visitor("ana", peer=peer)

    forged = {
        "x-forwarded-for": "10.9.9.9",
        "x-forwarded-proto": "https",
        "x-forwarded-groups": "gestores",
    }
    request = client.get("/", headers=forged).wsgi_request

    assert not hasattr(request, "user")
    assert not User.objects.exists()
    assert not [name for name in request.headers if name.lower().startswith("x-forwarded")]
    assert client_address(request) != "10.9.9.9"
    assert "headers of a proxy ignored: " in caplog.text
    assert "ana" not in caplog.text


def test_the_headers_of_a_trusted_proxy_count_as_before() -> None:
    forwarded = {"x-forwarded-for": "198.51.100.7"}

    assert client_address(visitor().get("/", headers=forwarded).wsgi_request) == "198.51.100.7"


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_header_names_nobody(empty: str) -> None:
    response = visitor(empty).get("/")

    assert response.status_code == HTTPStatus.OK
    assert not response.cookies
    assert actions() == []


@pytest.mark.parametrize(
    "name",
    [
        "ana,bob",  # two headers, which gunicorn joins
        *(",ana", "ana,", "ana bob", "a" * 151, "auth0|1", "ana\x7f", "ana\u200b", "<b>"),
        *("ａｎａ", "ﬁ", "jose\u0301"),  # noqa: RUF001  # they look like others
    ],
)
def test_a_name_that_is_not_valid_is_refused(name: str, caplog: pytest.LogCaptureFixture) -> None:
    response = visitor(name).get("/")

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Your sign-in cannot be used here." in response.content.decode()
    lines = [redacted(record) for record in caplog.records]  # as they are in the log
    assert any("refused: the name is" in line for line in lines)
    assert name not in caplog.text
    assert not User.objects.exists()


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    assert visitor().get("/", headers={"x-forwarded-user": "jos\xe9"}).status_code == 403


@pytest.mark.parametrize("name", ["a" * 150, "joão.silva@exemplo.com.br", "ana+1", "Ana_B-1"])
def test_every_name_that_django_allows_is_accepted(name: str) -> None:
    assert name_in(visitor(name)) == name


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ({"is_superuser": True}, "is a superuser"),
        ({"is_superuser": True, "password": "!"}, "is a superuser"),
        ({"password": "md5$salt$0"}, "has a password of its own"),
        ({"is_active": False, "password": "!"}, "is not active"),
    ],
)
def test_an_account_of_somebody_else_is_never_signed_in(
    account: dict[str, Any], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    User.objects.create(username="ana", **account)
    client = visitor("ana", **{"x-forwarded-groups": "gestores"})

    answers = [client.get(path) for path in ("/", RECENTS, "/admin/", LOGIN, "/", "/s")]

    assert {answer.status_code for answer in answers} == {HTTPStatus.FORBIDDEN}
    assert list(answers[1].json()["errors"]) == ["request"]
    assert f"the account ana {reason}" in caplog.text
    assert not Session.objects.exists()
    assert not AccessAttempt.objects.exists()
    assert actions() == []
    assert not User.objects.get().groups.exists()


@pytest.mark.parametrize("change", [{"is_superuser": True}, {"is_active": False}])
def test_an_account_that_becomes_another_s_ends_the_session(change: dict[str, Any]) -> None:
    client = visitor("ana")
    name_in(client)
    User.objects.update(**change)

    assert client.get("/").status_code == HTTPStatus.FORBIDDEN


def test_an_account_without_a_password_that_exists_is_used() -> None:
    User.objects.create_user("ana", is_staff=True)  # an operator prepared it

    assert name_in(visitor("ana")) == "ana"
    assert actions() == [Action.SIGNED_IN, Action.ACCOUNT_CHANGED]  # the header gives no staff


def test_an_account_that_another_request_is_creating_is_used() -> None:
    User.objects.create(username="ana", password="")  # as between its two queries

    assert name_in(visitor("ana")) == "ana"


@pytest.mark.parametrize("other", [{"name": None}, {"name": "ana", "peer": STRANGER}])
def test_the_session_ends_with_the_header(other: dict[str, Any]) -> None:
    client = visitor("ana")
    client.get("/")
    assert draw(client).status_code == 201
    thief = visitor(**other)
    thief.cookies = client.cookies

    assert thief.get(RECENTS).json()["recents"] == []
    assert not Session.objects.exists()
    assert actions()[-1] == Action.SIGNED_OUT


def test_another_name_in_the_same_session_is_another_user() -> None:
    client = visitor("ana")
    name_in(client)
    value = draw(client).json()["secrets"][0]["value"]

    page = client.get("/", headers={"x-forwarded-user": "bia"})

    assert page.wsgi_request.user.get_username() == "bia"
    assert value not in page.content.decode()
    assert name_in(client) == "ana"
    assert client.get(RECENTS).json()["recents"][0]["value"] == value


@pytest.mark.parametrize(
    ("header", "groups", "staff"),
    [
        ("gestores", ["gestores"], True),
        ("x, operadores ,gestores", ["gestores", "operadores"], True),
        ("equipe de segurança", [], True),
        ("Gestores,superuser,staff", [], False),
        ("", [], False),
    ],
)
def test_groups_and_staff_come_from_the_header(
    *, header: str, groups: list[str], staff: bool, settings: Settings
) -> None:
    settings.REMOTE_STAFF_GROUPS = [*settings.REMOTE_STAFF_GROUPS, "equipe de segurança"]
    client = visitor("ana", **{"x-forwarded-groups": header.encode().decode("latin-1")})

    opened = client.get("/admin/")

    user = User.objects.get()
    assert sorted(user.groups.values_list("name", flat=True)) == groups
    assert (user.is_staff, user.is_superuser) == (staff, False)
    assert (opened.status_code == HTTPStatus.OK) == staff


def test_a_group_ends_when_the_header_no_longer_names_it() -> None:
    client = visitor("ana")
    own = Group.objects.create(name="auditores")
    client.get("/admin/", headers={"x-forwarded-groups": "gestores"})
    user = User.objects.get()
    user.groups.add(own)

    client.get("/admin/", headers={"x-forwarded-groups": "operadores"})
    changed = set(user.groups.values_list("name", flat=True))
    without = client.get("/admin/")

    assert changed == {"operadores", "auditores"}
    assert [*user.groups.all()] == [own]
    assert without.status_code == HTTPStatus.FOUND
    details = AuditEntry.objects.filter(action=Action.ACCOUNT_CHANGED).values_list(
        "user_name", "target", "details"
    )
    assert [*details.order_by("pk")] == [
        ("ana", "user ana", {"groups": ["gestores"], "staff": True}),
        ("ana", "user ana", {"groups": ["operadores"], "staff": True}),
        ("ana", "user ana", {"groups": [], "staff": False}),
    ]
    assert actions().count(Action.SIGNED_IN) == 1


@pytest.mark.parametrize("path", ["/admin/", RECENTS])
def test_a_group_ends_in_every_session_and_without_one(path: str) -> None:
    old = visitor("ana")
    if path == "/admin/":
        old.get(path)  # a session from before the group
    visitor("ana", **{"x-forwarded-groups": "gestores"}).get("/")

    old.get(path)

    user = User.objects.get()
    assert not user.is_staff
    assert not user.groups.exists()


def test_without_a_header_for_groups_they_are_chosen_in_the_admin(settings: Settings) -> None:
    settings.REMOTE_GROUPS_HEADER = ""
    User.objects.create_user("ana", is_staff=True).groups.add(Group.objects.get(name="gestores"))

    opened = visitor("ana", **{"x-forwarded-groups": "operadores"}).get("/admin/")

    assert opened.status_code == HTTPStatus.OK
    assert User.objects.get().groups.get().name == "gestores"


def test_a_header_changes_nothing_of_one_who_signed_in_with_a_password() -> None:
    boss = User.objects.create_superuser("boss", password="correct-horse-battery-staple")
    client = visitor("boss", **{"x-forwarded-groups": "operadores"})
    client.force_login(boss, "django.contrib.auth.backends.ModelBackend")

    assert client.get("/admin/").status_code == HTTPStatus.OK
    boss.refresh_from_db()
    assert boss.is_staff
    assert not boss.groups.exists()


def test_whom_the_proxy_signs_in_sees_no_password_form() -> None:
    client = visitor("ana")

    sent = client.get("/admin/", follow=True)

    assert sent.status_code == HTTPStatus.FORBIDDEN
    assert "your account may not see the admin" in sent.content.decode()
    assert 'type="password"' not in sent.content.decode()
    assert client.post(LOGIN, {"username": "ana", "password": "x"}).status_code == 403
    staff = {"x-forwarded-groups": "operadores"}
    assert client.get(LOGIN, headers=staff).headers["Location"] == "/admin/"
    changing = client.get("/admin/password_change/", headers=staff)
    assert changing.status_code == HTTPStatus.FORBIDDEN


def test_without_password_sign_in_nobody_sees_the_form(settings: Settings) -> None:
    settings.PASSWORD_SIGN_IN = False
    stranger = visitor(peer=STRANGER)

    for answer in (stranger.get(LOGIN), stranger.post(LOGIN, {"username": "a", "password": "b"})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "This app takes no passwords" in answer.content.decode()
    assert not AccessAttempt.objects.exists()


def test_with_password_sign_in_past_the_proxy_there_is_the_form() -> None:
    assert 'type="password"' in visitor(peer=STRANGER).get(LOGIN).content.decode()


def test_the_proxy_s_sign_in_needs_no_second_factor_of_ours() -> None:
    client = visitor("ana", **{"x-forwarded-groups": "gestores"})
    client.get("/")
    device = second_factor.begin(User.objects.get())
    device.confirmed = True
    device.save()

    page = client.get("/admin/")

    assert page.status_code == HTTPStatus.OK
    assert "second-factor" not in page.content.decode()
    assert client.get("/admin/second-factor/").status_code == HTTPStatus.FORBIDDEN


def test_the_api_without_cookies_leaves_no_session_behind() -> None:
    for _ in range(2):
        answer = draw(visitor("ana"))
        assert answer.status_code == 201
        assert not answer.cookies

    assert len(visitor("ana").get(RECENTS).json()["recents"]) == 2
    assert visitor("bia").get(RECENTS).json()["recents"] == []
    assert not Session.objects.exists()
    assert actions() == [Action.ACCOUNT_ADDED] * 2
    assert {*Generation.objects.values_list("user_name", flat=True)} == {"ana"}


def test_a_signed_in_page_costs_three_queries_more() -> None:
    client = visitor("ana", **{"x-forwarded-groups": "gestores"})
    client.get("/")
    with CaptureQueriesContext(connection) as anonymous:
        visitor().get("/")

    with CaptureQueriesContext(connection) as signed_in:
        client.get("/")

    assert len(signed_in) - len(anonymous) == 3  # the session, the user and its groups


def test_a_bearer_of_the_proxy_is_ignored() -> None:
    jwt = {"authorization": "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}

    assert draw(visitor("ana"), **jwt).status_code == 201
    assert Generation.objects.get().user_name == "ana"
    assert draw(visitor(), **jwt).status_code == 401
    assert draw(visitor("ana", peer=STRANGER), **jwt).status_code == 401
    assert draw(visitor("ana,bia"), **jwt).status_code == 403


def test_a_token_of_ours_beats_the_user_whom_the_proxy_names() -> None:
    owner = User.objects.create_user("ci")
    made = tokens.create(
        user=owner, name="ci", scopes=[tokens.DRAW], channel=Channel.COMMAND, by=None
    )

    drawn = draw(visitor("ana"), authorization=f"Bearer {made.text}")
    broken = draw(visitor("ana"), authorization=f"Bearer {made.text}x")

    assert (drawn.status_code, broken.status_code) == (201, 401)
    assert Generation.objects.get().user_name == "ci"
    assert User.objects.count() == 1


def test_a_closed_api_is_open_to_the_pages_of_a_proxy_s_user(settings: Settings) -> None:
    settings.API_REQUIRES_TOKEN = True

    assert draw(visitor("ana")).status_code == 401
    assert draw(visitor("ana"), **{"sec-fetch-site": "same-origin"}).status_code == 201


def test_a_page_of_another_site_cannot_use_the_proxy_s_sign_in() -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.test"}):
        assert draw(visitor("ana"), **headers).status_code == HTTPStatus.FORBIDDEN
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["/", RECENTS, "/admin/login/", "/nothing-here"])
def test_caches_must_not_mix_users(path: str) -> None:
    for client in (visitor("ana"), visitor()):
        response = client.get(path)
        assert "X-Forwarded-User" in response.headers["Vary"].split(", ")
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("has_session", [True, False])
def test_without_the_database_a_secret_is_drawn_and_not_kept(
    *, has_session: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor("ana")
    if has_session:
        client.get("/")

    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(auth, "authenticate", fail)
    monkeypatch.setattr(remote_users.ProxyBackend, "get_user", fail)

    drawn = draw(client)

    assert drawn.status_code == 201
    assert drawn.json()["recents"] == "unavailable"
    assert not drawn.cookies
    client.raise_request_exception = False
    assert client.get("/admin/").status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_sign_out_leads_to_the_proxy(settings: Settings) -> None:
    settings.LOGOUT_REDIRECT_URL = "/oauth2/sign_out"
    client = visitor("ana", **{"x-forwarded-groups": "gestores"})
    client.get("/admin/")

    left = client.post("/admin/logout/")

    assert left.headers["Location"] == "/oauth2/sign_out"
    assert not Session.objects.exists()


def test_a_warning_about_an_unknown_proxy_comes_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = visitor("ana", peer=STRANGER)
    with caplog.at_level(logging.WARNING, "giropops.middleware.trusted_proxies"):
        for _ in range(3):
            client.get("/")

    assert caplog.text.count(f"{STRANGER} is not in TRUSTED_PROXY_ADDRESSES") == 1
