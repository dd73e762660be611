"""API tokens: their format, their life, and what of them is stored."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import Settings

from passwords.accounts import tokens
from passwords.accounts.tokens import CreatedToken, InvalidTokenError
from passwords.models import ApiToken, AuditEntry, Channel, TokenState

# The checksum of these 30 characters is 0xf0c344af.
VECTOR: Final = "gps_0123456789ABCDEFGHIJKLMNOPQRST4PMbyp"
DAY: Final = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ana")


def make(user: User, *scopes: str, **more: Any) -> CreatedToken:
    values = {"name": "deploy", "channel": Channel.COMMAND, "by": None, **more}
    return tokens.create(user=user, scopes=scopes or (tokens.DRAW,), **values)


def test_the_vector_is_well_formed_and_each_changed_character_is_noticed() -> None:
    assert tokens.is_well_formed(VECTOR)
    for place in range(4, len(VECTOR)):
        other = "x" if VECTOR[place] != "x" else "y"
        assert not tokens.is_well_formed(f"{VECTOR[:place]}{other}{VECTOR[place + 1 :]}")


@pytest.mark.parametrize(
    "text",
    [
        *("", "gps_", VECTOR[4:], VECTOR[:-1], f"{VECTOR}0", f" {VECTOR}", f"{VECTOR}\n"),
        *(VECTOR.upper(), VECTOR.replace("gps", "ghp"), VECTOR.replace("0", "\u0660"), "\0" * 40),
    ],
)
def test_other_texts_are_not(text: str) -> None:
    assert not tokens.is_well_formed(text)


def test_a_token_has_the_documented_format_and_is_found(user: User) -> None:
    created = make(user)

    assert re.fullmatch(r"\bgps_[0-9A-Za-z]{36}\b", created.text)
    assert tokens.is_well_formed(created.text)
    found = tokens.authenticate(created.text)
    assert found is not None
    assert (found.pk, found.user, found.scopes) == (created.token.pk, user, [tokens.DRAW])


def test_every_character_of_the_alphabet_is_drawn(user: User) -> None:
    drawn = "".join(make(user).text[4:34] for _ in range(50))  # one is left out once in 10^9 runs

    assert len(set(drawn)) == 62


def test_the_row_holds_only_the_digest_and_the_last_four_characters(user: User) -> None:
    created = make(user)

    (row,) = ApiToken.objects.values()
    assert row["last_four"] == created.text[-4:]
    assert created.text[4:-4] not in str(row)
    assert created.text not in repr(created)


def test_a_token_lives_ninety_days_unless_asked_otherwise(user: User) -> None:
    lives = [
        created.token.expires_at - created.token.created_at
        for created in (make(user), make(user, days=1), make(user, days=366))
    ]

    assert lives == [90 * DAY, DAY, 366 * DAY]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"days": 1.5}, "days"),
        ({"days": "soon"}, "days"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("secrets",)}, "scopes"),
        ({"scopes": ("policies:use:",)}, "scopes"),
        ({"scopes": ("policies:use:unknown",)}, "scopes"),
        ({"scopes": ("policies:use:a\0b",)}, "scopes"),
        ({"scopes": (tokens.DRAW, "\ud800")}, "scopes"),
    ],
)
def test_a_wrong_value_is_named(user: User, values: dict[str, Any], field: str) -> None:
    whole = {"user": user, "name": "ci", "scopes": (tokens.DRAW,), **values}

    with pytest.raises(InvalidTokenError) as caught:
        tokens.create(channel=Channel.COMMAND, by=None, **whole)

    assert caught.value.field == field
    assert not ApiToken.objects.exists()


def test_a_token_of_a_user_who_is_not_active_is_refused(user: User) -> None:
    created = make(user)
    User.objects.update(is_active=False)

    assert tokens.authenticate(created.text) is None
    assert ApiToken.objects.get().state(timezone.now()) == TokenState.INACTIVE
    User.objects.update(is_active=True)
    assert tokens.authenticate(created.text)


def test_a_token_ends_when_it_expires(user: User) -> None:
    created = make(user)

    ApiToken.objects.update(expires_at=timezone.now())

    assert tokens.authenticate(created.text) is None
    assert ApiToken.objects.get().state(timezone.now()) == TokenState.EXPIRED


def test_a_token_ends_when_it_is_revoked_and_is_revoked_once(user: User) -> None:
    created = make(user)
    other = make(user)

    assert tokens.revoke(token_id=created.token.pk, channel=Channel.COMMAND, by=None)
    at = ApiToken.objects.get(pk=created.token.pk).revoked_at
    assert tokens.revoke(token_id=created.token.pk, channel=Channel.COMMAND, by=None)

    assert tokens.authenticate(created.text) is None
    assert tokens.authenticate(other.text)
    found = ApiToken.objects.get(pk=created.token.pk)
    assert (found.revoked_at, found.state(timezone.now())) == (at, TokenState.REVOKED)
    assert not tokens.revoke(token_id=0, channel=Channel.COMMAND, by=None)


def test_a_deleted_user_s_tokens_are_gone(user: User) -> None:
    created = make(user)

    user.delete()

    assert tokens.authenticate(created.text) is None


def test_a_new_secret_key_ends_no_token(user: User, settings: Settings) -> None:
    created = make(user)

    settings.SECRET_KEY = "another key of at least 32 characters"
    settings.SECRET_KEY_FALLBACKS = []

    assert tokens.authenticate(created.text)


def test_the_use_is_written_at_most_once_an_hour(user: User) -> None:
    created = make(user)

    tokens.authenticate(created.text)
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tokens.authenticate(created.text)
    assert len(queries) == 1
    assert ApiToken.objects.get().last_used_at == first

    ApiToken.objects.update(last_used_at=first - timedelta(hours=1))
    tokens.authenticate(created.text)
    again = ApiToken.objects.get().last_used_at
    assert again is not None
    assert again >= first


def test_a_use_that_cannot_be_written_is_no_refusal(
    user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    created = make(user)

    def fail(*_arguments: object, **_values: object) -> int:
        raise DatabaseError

    monkeypatch.setattr("django.db.models.query.QuerySet.update", fail)

    assert tokens.authenticate(created.text)
    assert "its use is not recorded (DatabaseError)" in caplog.text


@pytest.mark.parametrize("text", ["", "x", VECTOR[:-1] + "q", "a" * 10_000])
def test_a_wrong_checksum_costs_no_query(text: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert tokens.authenticate(text) is None

    assert len(queries) == 0


def test_the_audit_says_who_made_and_revoked_which_token(user: User) -> None:
    boss = User.objects.create_user("bia")

    created = make(user, tokens.DRAW, channel=Channel.ADMIN, by=boss)
    tokens.revoke(token_id=created.token.pk, channel=Channel.COMMAND, by=None)

    revoked, made = AuditEntry.objects.all()
    assert (made.action, made.user_name, made.channel, made.target) == (
        *("token-created", "bia", "admin", "deploy"),
    )
    assert made.details == {"id": created.token.pk, "owner": "ana", "scopes": ["secrets:draw"]}
    assert (revoked.action, revoked.user_name, revoked.channel) == ("token-revoked", "", "command")
    assert created.text[4:-6] not in str(list(AuditEntry.objects.values()))


def test_the_message_of_a_wrong_value_is_translated(user: User) -> None:
    with translation.override("pt-br"), pytest.raises(InvalidTokenError, match="inteiro"):
        make(user, days=0)
