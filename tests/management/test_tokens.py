"""`manage.py tokens`: API tokens for the terminal."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from passwords.accounts import tokens
from passwords.models import ApiToken, AuditEntry
from tests.management.conftest import Call

pytestmark = pytest.mark.django_db

SCOPE = ("--scope", "secrets:draw")


@pytest.fixture(autouse=True)
def _ana() -> None:
    User.objects.create_user("ana")


def test_stdout_has_the_token_alone(call: Call) -> None:
    stdout, stderr = call("tokens", "create", "deploy", "--user", "ana", *SCOPE)

    token = tokens.authenticate(stdout.removesuffix("\n"))
    assert token is not None
    assert (token.name, token.user.get_username()) == ("deploy", "ana")
    assert "is not shown again" in stderr
    assert stdout.strip() not in stderr
    assert AuditEntry.objects.get().channel == "command"


def test_scopes_and_days_are_those_of_the_options(call: Call) -> None:
    scopes = ("--scope", "policies:use:wifi", "--scope", "recents:read", *SCOPE, *SCOPE)

    call("tokens", "create", "deploy", "--user", "ana", *scopes, "--days", "7")

    token = ApiToken.objects.get()
    assert token.scopes == ["policies:use:wifi", "recents:read", "secrets:draw"]
    assert (token.expires_at - token.created_at).days == 7


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["", "--user", "ana", *SCOPE], "NAME"),
        (["ci", "--user", "bia", *SCOPE], "--user"),
        (["ci", "--user", "a\0b", *SCOPE], "--user"),
        (["ci", "--user", "ana", "--scope", "everything"], "--scope"),
        (["ci", "--user", "ana", "--scope", "policies:use:unknown"], "--scope"),
        (["ci", "--user", "ana", *SCOPE, "--days", "367"], "--days"),
        (["ci", "--user", "ana", *SCOPE, "--days", "long"], "--days"),
    ],
)
def test_a_wrong_option_is_named(call: Call, arguments: list[str], option: str) -> None:
    with pytest.raises(CommandError, match=rf"^{option}: ") as caught:
        call("tokens", "create", *arguments)

    assert caught.value.returncode == 2
    assert not ApiToken.objects.exists()


def test_a_user_who_is_not_active_gets_no_token(call: Call) -> None:
    User.objects.update(is_active=False)

    with pytest.raises(CommandError, match="--user: "):
        call("tokens", "create", "ci", "--user", "ana", *SCOPE)


def test_the_list_has_all_tokens_and_none_in_full(call: Call) -> None:
    text, _stderr = call("tokens", "create", "deploy", "--user", "ana", *SCOPE)

    listed, _stderr = call("tokens", "list")

    head, row = listed.splitlines()
    assert head.split()[:3] == ["id", "state", "name"]
    assert row.split()[:5] == [str(ApiToken.objects.get().pk), "valid", "deploy", "ana", SCOPE[1]]
    assert text.strip()[-4:] in row
    assert text.strip()[4:-4] not in row


def test_a_token_is_revoked_by_its_id(call: Call) -> None:
    text, _stderr = call("tokens", "create", "deploy", "--user", "ana", *SCOPE)

    call("tokens", "revoke", str(ApiToken.objects.get().pk))

    assert tokens.authenticate(text.strip()) is None
    assert "revoked" in call("tokens", "list")[0]
    assert [entry.action for entry in AuditEntry.objects.all()] == [
        "token-revoked",
        "token-created",
    ]


@pytest.mark.parametrize("unknown", ["0", "-1", "x", "9" * 18, "9" * 19, "\uff11", ""])
def test_an_unknown_id_is_named(call: Call, unknown: str) -> None:
    with pytest.raises(CommandError, match=r"^ID: ") as caught:
        call("tokens", "revoke", "--", unknown)

    assert caught.value.returncode == 2
