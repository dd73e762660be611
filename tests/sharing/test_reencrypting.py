"""Links get a new key of the server while they are in use, and the old key can be removed."""

import pytest
from pytest_django import Settings

from passwords import sharing
from passwords.models import Share
from passwords.sharing import GoneError, encryption
from tests.sharing.conftest import TEXT, MakeLink

pytestmark = pytest.mark.django_db

NEW = b"another key of thirty-two bytes!"


def test_links_open_without_the_old_key_and_those_that_ended_stay_empty(
    make_link: MakeLink, settings: Settings
) -> None:
    (opened, _), (first, _), (second, _) = make_link(), make_link(passphrase="pass"), make_link()
    sharing.open_text(key=opened, passphrase=None)
    settings.RECENTS_KEYS = [NEW, *settings.RECENTS_KEYS]
    (made_later, _) = make_link()

    counts = [sharing.reencrypt() for _ in range(2)]

    assert counts == [2, 0]
    settings.RECENTS_KEYS = [NEW]
    assert sharing.open_text(key=first, passphrase="pass").text == TEXT
    for key in (second, made_later):
        assert sharing.open_text(key=key, passphrase=None).text == TEXT
    assert not Share.objects.filter(payload__isnull=False).exists()


def test_a_link_with_an_unknown_key_stays_as_it_is(make_link: MakeLink, settings: Settings) -> None:
    make_link()
    before = Share.objects.get().payload
    settings.RECENTS_KEYS = [NEW, bytes(range(32))]

    assert sharing.reencrypt() == 0
    assert Share.objects.get().payload == before


def test_a_link_that_is_opened_meanwhile_does_not_get_its_text_back(
    make_link: MakeLink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _receipt = make_link()
    settings.RECENTS_KEYS = [NEW, *settings.RECENTS_KEYS]
    reencrypt = encryption.reencrypt

    def open_meanwhile(payload: bytes, *, share_id: bytes) -> bytes | None:
        sharing.open_text(key=key, passphrase=None)
        return reencrypt(payload, share_id=share_id)

    monkeypatch.setattr(encryption, "reencrypt", open_meanwhile)

    assert sharing.reencrypt() == 0
    assert Share.objects.get().payload is None
    with pytest.raises(GoneError):
        sharing.open_text(key=key, passphrase=None)
