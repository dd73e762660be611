"""API tokens in the admin: made by staff for themselves, shown once, revoked."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from passwords.accounts import tokens
from passwords.models import ApiToken, AuditEntry
from tests.admin.conftest import SignIn, make_token

LIST = "admin:passwords_apitoken_changelist"
ADD = "admin:passwords_apitoken_add"
VALID = {"name": "deploy", "scopes": ["secrets:draw", "policies:use:wifi"], "days": "30"}


def create(client: Client, **values: Any) -> str:
    """Return the page after the form was sent."""
    return client.post(reverse(ADD), {**VALID, **values}).content.decode()


def revoke(client: Client, *chosen: ApiToken) -> None:
    keys = [token.pk for token in chosen]
    client.post(reverse(LIST), {"action": "revoke", "_selected_action": keys})


def grant(name: str, codename: str) -> None:
    permission = Permission.objects.get(codename=codename)
    User.objects.get(username=name).user_permissions.add(permission)


def test_the_new_token_is_in_one_response_and_works(gestor: Client) -> None:
    page = create(gestor)

    (text,) = re.findall(r"gps_[0-9A-Za-z]{36}", page)
    token = tokens.authenticate(text)
    assert token is not None
    assert token.user.get_username() == "gestor"
    assert (token.name, token.scopes) == ("deploy", ["policies:use:wifi", "secrets:draw"])
    assert (token.expires_at - token.created_at).days == 30
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.user_name, entry.channel) == ("token-created", "gestor", "admin")
    shown = gestor.get(reverse("admin:passwords_apitoken_change", args=[token.pk]))
    for other in (gestor.get(reverse(LIST)), shown, gestor.get(reverse(ADD))):
        assert text[4:-4] not in other.content.decode()
        assert token.digest not in other.content.decode()


def test_the_response_with_the_token_is_not_stored(gestor: Client) -> None:
    response = gestor.post(reverse(ADD), VALID)

    assert "no-store" in response["Cache-Control"]
    assert "gps_" not in str(list(Session.objects.values())) + str(response.cookies)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "This field is required"),
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["everything"]}, "is not one of the available choices"),
        ({"scopes": ["policies:use:unknown"]}, "is not one of the available choices"),
        ({"days": "367"}, "less than or equal to 366"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"name": "a\u2028b"}, "printable"),
    ],
)
def test_a_wrong_value_is_named_and_creates_nothing(
    gestor: Client, values: dict[str, Any], message: str
) -> None:
    assert message in create(gestor, **values)
    assert not ApiToken.objects.exists()


def test_staff_see_and_revoke_only_their_own(gestor: Client, operador: Client) -> None:
    theirs = make_token(User.objects.get(username="operador")).token
    own = make_token(User.objects.get(username="gestor")).token
    page = reverse("admin:passwords_apitoken_change", args=[theirs.pk])

    assert "operador" not in gestor.get(reverse(LIST)).content.decode()
    assert gestor.get(page).status_code == 302
    revoke(gestor, theirs, own)

    assert ApiToken.objects.get(pk=theirs.pk).revoked_at is None
    assert ApiToken.objects.get(pk=own.pk).revoked_at is not None
    assert operador.get(page).status_code == 200
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.user_name) == ("token-revoked", "gestor")


def test_with_permission_they_see_and_revoke_everybody_s(gestor: Client, sign_in: SignIn) -> None:
    sign_in("operador")
    theirs = make_token(User.objects.get(username="operador")).token

    grant("gestor", "view_apitoken")
    assert "operador" in gestor.get(reverse(LIST)).content.decode()
    revoke(gestor, theirs)
    assert ApiToken.objects.get().revoked_at is None

    grant("gestor", "change_apitoken")
    revoke(gestor, theirs)
    assert ApiToken.objects.get().revoked_at is not None


def test_not_even_a_superuser_changes_or_deletes_a_token(boss: Client) -> None:
    token = make_token(User.objects.get(username="superuser")).token
    change = reverse("admin:passwords_apitoken_change", args=[token.pk])
    delete = reverse("admin:passwords_apitoken_delete", args=[token.pk])

    assert boss.post(change, {"name": "other"}).status_code == 403
    assert boss.post(delete, {"post": "yes"}).status_code == 403


def test_a_user_is_deleted_with_all_tokens(boss: Client, sign_in: SignIn) -> None:
    sign_in("gestor")
    user = User.objects.get(username="gestor")
    make_token(user)

    boss.post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"})

    assert not User.objects.filter(username="gestor").exists()
    assert not ApiToken.objects.exists()
