"""Who did what: signing in and out, exports, policies, accounts, recents."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from passwords.models import Action, AuditEntry, Channel, Generation, Policy
from passwords.policies import files
from passwords.recents import open_store
from tests.management.conftest import Call, call  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def _fresh_store() -> Iterator[None]:
    """Count the tries of one test only: the store counts them."""
    open_store.cache_clear()
    yield
    open_store.cache_clear()


@pytest.fixture
def ana() -> User:
    """A superuser."""
    return User.objects.create_superuser("ana", password=PASSWORD)


@pytest.fixture
def boss(client: Client, ana: User) -> Client:
    """A client that she is signed in with; nothing is in the audit yet."""
    client.force_login(ana)
    AuditEntry.objects.all().delete()
    return client


def _entries() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "user_name"))


def _sign_in(client: Client, **values: str) -> int:
    given = {"username": "ana", "password": PASSWORD, **values}
    return client.post(reverse("admin:login"), given).status_code


def test_signing_in_and_out_is_recorded(client: Client, ana: User) -> None:
    _sign_in(client)
    client.post(reverse("admin:logout"))

    assert _entries() == [(Action.SIGNED_IN, "ana"), (Action.SIGNED_OUT, "ana")]
    assert AuditEntry.objects.earliest("pk").user_id == ana.pk


def test_a_failure_is_recorded_for_the_account_that_was_tried(client: Client, ana: User) -> None:
    _sign_in(client, password="wrong")

    assert _entries() == [(Action.SIGN_IN_FAILED, ana.username)]


@pytest.mark.parametrize("name", ["my-password-in-the-wrong-field", "\0"])
def test_an_unknown_name_is_not_recorded(client: Client, name: str) -> None:
    _sign_in(client, username=name)

    assert {user_name for _action, user_name in _entries()} <= {""}


def test_an_address_is_kept_only_where_the_settings_say_so(
    client: Client, ana: User, settings: Any
) -> None:
    _sign_in(client)
    settings.HISTORY_STORE_IP = True
    _sign_in(client)

    addresses = AuditEntry.objects.order_by("pk").values_list("client_address", flat=True)
    assert list(addresses) == [None, "127.0.0.1"]
    assert ana.pk


def test_exports_are_recorded(boss: Client) -> None:
    boss.get(reverse("admin:passwords_generation_export"), {"channel__exact": "web"})
    boss.get(reverse("admin:passwords_policy_export", args=["json"]))

    assert _entries() == [(Action.HISTORY_EXPORTED, "ana"), (Action.POLICIES_EXPORTED, "ana")]
    assert AuditEntry.objects.earliest("pk").target == "channel__exact=web"


def test_exports_by_command_are_recorded(call: Call) -> None:  # noqa: F811  # the fixture
    call("history", "export")
    call("policies", "export")

    assert _entries() == [(Action.HISTORY_EXPORTED, ""), (Action.POLICIES_EXPORTED, "")]
    assert set(AuditEntry.objects.values_list("channel", flat=True)) == {Channel.COMMAND}


def test_a_change_of_a_policy_is_recorded_with_what_was_before() -> None:
    document = "policies: [{slug: pin, name: PIN, kind: pin, parameters: {length: 8}}]"
    files.apply(files.plan(document))

    entry = AuditEntry.objects.get(action=Action.POLICY_CHANGED, target="pin")
    assert entry.details["version"] == 2
    assert entry.details["changes"]["name"] == ["6-digit PIN", "PIN"]
    assert entry.details["changes"]["parameters"][1] == {"length": 8}


def test_adding_and_deleting_policies_is_recorded(boss: Client) -> None:
    document = "policies: [{slug: new, name: New, kind: pin}]"
    boss.post(reverse("admin:passwords_policy_import"), {"document": document, "apply": "1"})
    policy = Policy.objects.get(slug="new")
    boss.post(reverse("admin:passwords_policy_delete", args=[policy.pk]), {"post": "yes"})

    assert _entries() == [(Action.POLICY_ADDED, "ana"), (Action.POLICY_DELETED, "ana")]


def test_what_is_done_to_accounts_is_recorded_without_any_password(boss: Client) -> None:
    password = "another-very-long-password"
    boss.post(
        reverse("admin:auth_user_add"),
        {
            "username": "bob",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )
    bob = User.objects.get(username="bob")
    boss.post(reverse("admin:auth_user_change", args=[bob.pk]), {"username": "bobby"})
    boss.post(
        reverse("admin:auth_user_changelist"),
        {"action": "delete_selected", "_selected_action": [bob.pk], "post": "yes"},
    )

    actions = [action for action, _name in _entries()]
    assert actions[0] == Action.ACCOUNT_ADDED
    assert actions[-1] == Action.ACCOUNT_DELETED
    assert password not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.API])
def test_clearing_recents_is_recorded_with_its_channel(client: Client, channel: Channel) -> None:
    client.post("/api/gerar-senha", {}, "application/json")
    if channel is Channel.WEB:
        client.post(reverse("passwords:clear"))
    else:
        client.delete("/api/v1/recents")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.channel) == (Action.RECENTS_CLEARED, channel)
    assert len(entry.details["owner"]) == 32


def test_clearing_what_is_empty_adds_nothing_to_the_audit(client: Client) -> None:
    client.post(reverse("passwords:clear"))
    client.delete("/api/v1/recents")
    client.post("/api/gerar-senha", {}, "application/json")
    for _ in range(3):
        client.post(reverse("passwords:clear"))
        client.delete("/api/v1/recents")

    assert AuditEntry.objects.count() == 1


def test_generating_adds_nothing_to_the_audit(client: Client) -> None:
    client.post(reverse("passwords:home"), {"kind": "pin"})

    assert Generation.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_the_audit_is_searched_and_narrowed(boss: Client) -> None:
    boss.get(reverse("admin:passwords_policy_export", args=["json"]))
    boss.get(reverse("admin:passwords_generation_export"))
    url = reverse("admin:passwords_auditentry_changelist")

    for query in ({"q": "an"}, {"action__exact": "policies-exported"}, {"who": "ana"}):
        response = boss.get(url, query)
        assert response.status_code == 200
        assert "json" in response.content.decode()
