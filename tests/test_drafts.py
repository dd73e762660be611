"""The tokens of drafts: encrypted, authenticated, for an hour, and for nothing else."""

import base64
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django import Settings

from passwords import domain, drafts
from passwords.domain import Recipe
from passwords.domain.errors import UnknownParameterError
from passwords.models import Policy
from passwords.recents import KeyRing, Owner, RecentItem

PARAMETERS = {"bits": 90, "symbols": "!?#", "exclude": "0O"}
RECIPE = domain.build("characters", PARAMETERS)
POLICY = Policy(pk=7, slug="strong", version=3)


def a_draft(recipe: Recipe = RECIPE) -> drafts.Draft:
    return drafts.draw(recipe=recipe, parameters=PARAMETERS, policy=POLICY)


def test_a_token_holds_the_whole_draft() -> None:
    draft = a_draft()

    assert drafts.from_token(drafts.to_token(draft)) == draft
    assert draft.policy == (7, "strong", 3)


def test_a_token_is_opaque_and_two_of_one_draft_differ() -> None:
    draft = a_draft()

    tokens = [drafts.to_token(draft) for _ in range(2)]

    assert tokens[0] != tokens[1]
    assert all(draft.value.encode() not in base64.urlsafe_b64decode(token) for token in tokens)


def test_the_value_is_not_in_the_representation() -> None:
    draft = a_draft()

    assert draft.value not in repr(draft)


@pytest.mark.parametrize(("minutes", "is_valid"), [(59, True), (60, False)])
def test_a_token_is_valid_for_an_hour(
    monkeypatch: pytest.MonkeyPatch, *, minutes: int, is_valid: bool
) -> None:
    draft = a_draft()
    token = drafts.to_token(draft)
    later = draft.created_at + timedelta(minutes=minutes)
    monkeypatch.setattr(drafts, "timezone", SimpleNamespace(now=lambda: later))

    if is_valid:
        assert drafts.from_token(token) == draft
    else:
        with pytest.raises(drafts.DraftError):
            drafts.from_token(token)


def test_a_token_with_any_changed_byte_is_refused() -> None:
    token = base64.urlsafe_b64decode(drafts.to_token(a_draft()))

    for place in range(len(token)):
        forged = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        with pytest.raises(drafts.DraftError):
            drafts.from_token(base64.urlsafe_b64encode(forged).decode())


@pytest.mark.parametrize("token", ["", "x", "é", "\0", "AAAA", "A" * 60_000, "====", "a b"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(drafts.DraftError):
        drafts.from_token(token)


def test_a_token_of_another_installation_is_refused(settings: Settings) -> None:
    token = drafts.to_token(a_draft())
    settings.RECENTS_KEYS = [b"n" * 32]

    with pytest.raises(drafts.DraftError):
        drafts.from_token(token)


def test_a_token_survives_a_rotation_of_the_keys(settings: Settings) -> None:
    draft = a_draft()
    token = drafts.to_token(draft)
    settings.RECENTS_KEYS = [b"n" * 32, *settings.RECENTS_KEYS]

    assert drafts.from_token(token) == draft


def test_the_same_content_encrypted_for_another_purpose_is_refused(settings: Settings) -> None:
    ring = KeyRing(settings.RECENTS_KEYS)
    token = base64.urlsafe_b64decode(drafts.to_token(a_draft()))
    content = ring.decrypt_bytes(token, b"giropops.draft.1")
    assert content is not None

    other = ring.encrypt_bytes(content, b"")

    with pytest.raises(drafts.DraftError):
        drafts.from_token(base64.urlsafe_b64encode(other).decode())


def test_a_recent_item_is_no_draft_and_a_draft_no_recent_item(settings: Settings) -> None:
    ring = KeyRing(settings.RECENTS_KEYS)
    draft = a_draft()
    (list_name,) = Owner.anonymous("a" * 32).list_names
    item = RecentItem(
        item_id=draft.draft_id.hex,
        value=draft.value,
        kind="characters",
        entropy_bits=90.0,
        created_at=draft.created_at,
        expires_at=draft.created_at,
    )
    frame = ring.encrypt(list_name, item)
    token = base64.urlsafe_b64decode(drafts.to_token(draft))

    for part in (frame, frame[25:]):  # with its header, and without
        with pytest.raises(drafts.DraftError):
            drafts.from_token(base64.urlsafe_b64encode(part).decode())
    for moved in (token, frame[:25] + token):
        assert ring.decrypt(list_name, moved, lifetime=timedelta(days=1)) is None


def test_a_draft_with_an_unknown_parameter_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = drafts.to_token(a_draft())

    def refuse(_kind: str, _parameters: object) -> Recipe:
        raise UnknownParameterError("bits", kind="characters")

    monkeypatch.setattr(domain, "build", refuse)

    with pytest.raises(drafts.DraftError):
        drafts.from_token(token)


def test_the_token_of_the_longest_secret_fits_the_body_of_a_request(settings: Settings) -> None:
    draft = drafts.Draft(
        draft_id=a_draft().draft_id,
        recipe=RECIPE,
        parameters=PARAMETERS,
        policy=None,
        created_at=timezone.now(),
        value="x" * 4096,
    )

    assert len(drafts.to_token(draft)) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 8
