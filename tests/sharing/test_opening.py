"""A link opens as often as it has views; a wrong key or passphrase burns nothing."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from passwords import sharing
from passwords.models import Channel, Share
from passwords.sharing import (
    BusyError,
    GoneError,
    LinkKey,
    NoAesError,
    PassphraseNeededError,
    PassphraseTooLongError,
    ShareTerms,
    UnsealError,
    WrongProofError,
    protocol,
    stretching,
)
from tests.sharing.conftest import ANA, TEXT, MakeLink, is_live

pytestmark = pytest.mark.django_db

WRONG = bytes(32)


def open_with(key: LinkKey, proof: bytes) -> sharing.OpenedShare:
    return sharing.open_sealed(share_id=key.share_id, proof=proof)


def test_what_was_sealed_is_opened_once_and_then_gone(make_link: MakeLink) -> None:
    key, _receipt = make_link()
    keys = key.unlock(None)

    opened = open_with(key, keys.proof)

    assert protocol.unseal(keys, opened.sealed) == TEXT
    assert opened.views_left == 0
    assert Share.objects.get().payload is None
    with pytest.raises(GoneError):
        open_with(key, keys.proof)


def test_a_link_with_several_views_opens_as_many_times(make_link: MakeLink) -> None:
    key, _receipt = make_link(views=3)

    opened = [sharing.open_text(key=key, passphrase=None) for _ in range(3)]

    assert [found.views_left for found in opened] == [2, 1, 0]
    assert {found.text for found in opened} == {TEXT}
    with pytest.raises(GoneError):
        sharing.open_text(key=key, passphrase=None)


def test_nine_wrong_proofs_leave_a_link_live_and_the_tenth_locks_it(make_link: MakeLink) -> None:
    key, receipt = make_link()

    left = []
    for _ in range(9):
        with pytest.raises(WrongProofError) as caught:
            open_with(key, WRONG)
        left.append(caught.value.attempts_left)

    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert is_live(key)
    with pytest.raises(WrongProofError) as caught:
        open_with(key, WRONG)
    assert caught.value.attempts_left == 0
    share = Share.objects.get(receipt=receipt.receipt)
    assert (share.state, share.attempts, share.payload) == ("locked", 10, None)
    with pytest.raises(GoneError):
        open_with(key, key.unlock(None).proof)


def test_wrong_proofs_are_counted_over_all_views(make_link: MakeLink) -> None:
    key, _receipt = make_link(views=2)
    for _ in range(9):
        with pytest.raises(WrongProofError):
            open_with(key, WRONG)

    assert open_with(key, key.unlock(None).proof).views_left == 1
    with pytest.raises(WrongProofError):
        open_with(key, WRONG)

    assert Share.objects.get().state == "locked"


def test_the_proof_of_the_key_alone_does_not_open_a_link_with_a_passphrase(
    make_link: MakeLink,
) -> None:
    key, _receipt = make_link(passphrase="three-words")

    with pytest.raises(WrongProofError):
        open_with(key, key.unlock(None).proof)
    assert sharing.open_text(key=key, passphrase="three-words").text == TEXT


def test_a_missing_passphrase_is_requested_and_counts_as_no_attempt(make_link: MakeLink) -> None:
    key, _receipt = make_link(passphrase="three-words")

    for missing in (None, ""):
        with pytest.raises(PassphraseNeededError):
            sharing.open_text(key=key, passphrase=missing)

    assert Share.objects.get().attempts == 0


def test_a_wrong_passphrase_counts_and_the_right_one_still_opens(make_link: MakeLink) -> None:
    key, _receipt = make_link(passphrase="three-words")

    with pytest.raises(WrongProofError):
        sharing.open_text(key=key, passphrase="other-words")

    assert sharing.open_text(key=key, passphrase="three-words").text == TEXT


def test_a_passphrase_that_is_not_needed_is_ignored(make_link: MakeLink) -> None:
    key, _receipt = make_link()

    assert sharing.open_text(key=key, passphrase="three-words").text == TEXT


def test_the_status_says_whether_there_is_a_passphrase_and_until_when(make_link: MakeLink) -> None:
    key, receipt = make_link(passphrase="three-words")

    found = sharing.status(share_id=key.share_id)

    assert (found.has_passphrase, found.expires_at) == (True, receipt.expires_at)


def test_passphrases_are_stretched_one_at_a_time_and_only_for_live_links(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _receipt = make_link(passphrase="three-words")
    plain, _receipt = make_link()
    lock = threading.Lock()
    monkeypatch.setattr(stretching, "_stretching", lock)

    with lock:
        with pytest.raises(BusyError):
            sharing.open_text(key=key, passphrase="three-words")
        with pytest.raises(GoneError):
            sharing.open_text(key=LinkKey.draw(), passphrase="three-words")
        assert sharing.open_text(key=plain, passphrase="three-words").text == TEXT

    assert sharing.open_text(key=key, passphrase="three-words").text == TEXT


def test_a_very_long_passphrase_is_refused_before_it_costs_anything(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = "x" * sharing.MAX_PASSPHRASE_CHARACTERS
    key, _receipt = make_link(passphrase=longest)

    with monkeypatch.context() as patch:
        patch.setattr(protocol.LinkKey, "unlock", lambda *_: pytest.fail("it was stretched"))
        with pytest.raises(PassphraseTooLongError):
            sharing.open_text(key=key, passphrase=f"{longest}x")

    assert Share.objects.get().attempts == 0
    assert sharing.open_text(key=key, passphrase=longest).text == TEXT


def test_without_aes_nothing_is_opened_and_no_view_is_used(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _receipt = make_link()
    monkeypatch.setattr(protocol, "has_aes", lambda: False)

    with pytest.raises(NoAesError):
        sharing.open_text(key=key, passphrase=None)

    assert Share.objects.get().views_left == 1


def test_a_payload_cannot_be_decrypted_in_the_row_of_another_link(make_link: MakeLink) -> None:
    first, receipt = make_link()
    second, _receipt = make_link()
    payload = Share.objects.get(receipt=receipt.receipt).payload

    Share.objects.filter(link_id=second.share_id.hex()).update(payload=payload)

    with pytest.raises(GoneError):
        sharing.open_text(key=second, passphrase=None)
    assert sharing.open_text(key=first, passphrase=None).text == TEXT


def test_garbage_that_a_client_stored_is_no_text() -> None:
    key = LinkKey.draw()
    keys = key.unlock(None)
    sharing.create(
        share_id=keys.share_id,
        verifier=keys.verifier,
        sealed=bytes(286),
        has_passphrase=False,
        terms=ShareTerms(),
        owner=ANA,
        channel=Channel.API,
    )

    with pytest.raises(UnsealError):
        sharing.open_text(key=key, passphrase=None)


def test_without_the_key_of_the_server_a_link_stays_as_it_is(
    make_link: MakeLink, settings: Settings
) -> None:
    key, _receipt = make_link()
    ring = settings.RECENTS_KEYS
    settings.RECENTS_KEYS = [b"another key of thirty-two bytes!"]

    with pytest.raises(GoneError):
        sharing.open_text(key=key, passphrase=None)

    settings.RECENTS_KEYS = [b"another key of thirty-two bytes!", *ring]
    assert sharing.open_text(key=key, passphrase=None).text == TEXT


@pytest.mark.parametrize("seconds_early", [1, 0, -1])
def test_a_link_opens_until_it_expires_and_not_later(
    make_link: MakeLink, seconds_early: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, receipt = make_link()
    then = receipt.expires_at - timedelta(seconds=seconds_early)
    monkeypatch.setattr(timezone, "now", lambda: then)

    if seconds_early > 0:
        assert sharing.open_text(key=key, passphrase=None).text == TEXT
    else:
        with pytest.raises(GoneError):
            sharing.status(share_id=key.share_id)
        with pytest.raises(GoneError):
            open_with(key, key.unlock(None).proof)
        with pytest.raises(GoneError):
            open_with(key, WRONG)
        assert Share.objects.get().attempts == 0


def test_nothing_secret_is_shown(make_link: MakeLink) -> None:
    key, receipt = make_link()

    shown = repr([key, receipt, sharing.open_text(key=key, passphrase=None), Share.objects.get()])

    assert TEXT not in shown
    assert key.fragment not in shown
