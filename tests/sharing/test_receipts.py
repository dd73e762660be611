"""What the sender sees of a link, and what only they see."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from passwords import sharing
from passwords.models import AuditEntry, Channel, Share
from passwords.recents import Owner
from passwords.sharing import GoneError, NotAllowedError, TooManyLinksError, creating, receipts
from tests.sharing.conftest import ANA, BIA, MakeLink, is_live

pytestmark = pytest.mark.django_db


def revoke(receipt: str, owner: Owner = ANA) -> bool:
    return sharing.revoke(owner=owner, receipt=receipt, channel=Channel.WEB)


def test_the_sender_sees_their_links_newest_first_and_nobody_elses(make_link: MakeLink) -> None:
    _key, first = make_link()
    _key, second = make_link(passphrase="three-words", views=2)
    make_link(owner=BIA)

    listed = sharing.list_receipts(ANA)

    assert listed == [second, first]
    assert (second.views_left, second.has_passphrase, second.state) == (2, True, "live")
    assert sharing.find_receipt(owner=ANA, receipt=first.receipt) == first
    assert sharing.find_receipt(owner=BIA, receipt=first.receipt) is None


def test_the_list_is_limited(make_link: MakeLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MAX_LISTED", 1)
    make_link()
    _key, newest = make_link()

    assert sharing.list_receipts(ANA) == [newest]


def test_a_link_without_an_owner_belongs_to_no_visitor_and_to_no_user(make_link: MakeLink) -> None:
    user = User.objects.create_user("bia")
    _key, receipt = make_link(owner=None)

    for owner in (ANA, Owner.user(user.pk, "bia")):
        assert sharing.list_receipts(owner) == []
        assert not revoke(receipt.receipt, owner)
    assert list(sharing.all_receipts()) == [receipt]


def test_a_user_has_the_links_of_the_account(make_link: MakeLink) -> None:
    user = User.objects.create_user("bia")
    owner = Owner.user(user.pk, "bia")

    _key, receipt = make_link(owner=owner)

    assert receipt.owner_name == "bia"
    assert sharing.list_receipts(owner) == [receipt]
    assert sharing.list_receipts(Owner.user(user.pk + 1, "bia")) == []


def test_links_are_found_after_a_change_of_the_secret_key(
    make_link: MakeLink, settings: Settings
) -> None:
    _key, receipt = make_link()

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key of more than 32 characters"

    assert sharing.list_receipts(ANA) == [receipt]


def test_a_receipt_says_nothing_about_the_link(make_link: MakeLink) -> None:
    key, receipt = make_link()

    assert receipt.receipt not in {key.share_id.hex(), key.unlock(None).verifier.hex()}
    assert len(receipt.receipt) == 32


def test_the_sender_sees_when_a_link_was_opened(make_link: MakeLink) -> None:
    key, _receipt = make_link()

    sharing.open_text(key=key, passphrase=None)

    (seen,) = sharing.list_receipts(ANA)
    assert (seen.state, seen.views_left, seen.attempts) == ("opened", 0, 0)
    assert seen.opened_at is not None


def test_a_revoked_link_is_gone_at_once(make_link: MakeLink) -> None:
    key, receipt = make_link()

    assert revoke(receipt.receipt)

    share = Share.objects.get()
    assert (share.state, share.payload) == ("revoked", None)
    with pytest.raises(GoneError):
        sharing.open_text(key=key, passphrase=None)
    entry = AuditEntry.objects.get(action="share-revoked")
    assert (entry.target, entry.channel) == (receipt.receipt, "web")


def test_nobody_else_can_revoke_it(make_link: MakeLink) -> None:
    key, receipt = make_link()

    assert not revoke(receipt.receipt, BIA)
    assert not revoke("0" * 32)

    assert is_live(key)


def test_what_was_opened_stays_opened_when_it_is_revoked(make_link: MakeLink) -> None:
    key, receipt = make_link()
    sharing.open_text(key=key, passphrase=None)

    assert revoke(receipt.receipt)

    assert Share.objects.get().state == "opened"
    assert not AuditEntry.objects.filter(action="share-revoked").exists()


def test_an_operator_revokes_the_link_of_any_owner(make_link: MakeLink) -> None:
    admin = User.objects.create_user("admin")
    operator = Owner.user(admin.pk, "admin")
    _key, receipt = make_link()

    done = sharing.revoke_as_operator(
        operator=operator, receipt=receipt.receipt, channel=Channel.ADMIN
    )

    assert done
    assert Share.objects.get().state == "revoked"
    entry = AuditEntry.objects.get(action="share-revoked")
    assert (entry.user_name, entry.channel) == ("admin", "admin")


def test_making_a_link_is_recorded_without_the_identifier_of_the_link(make_link: MakeLink) -> None:
    key, receipt = make_link()

    entry = AuditEntry.objects.get()

    assert (entry.action, entry.target, entry.channel) == (
        "share-created", receipt.receipt, "api",
    )  # fmt: skip
    assert key.share_id.hex() not in repr(vars(entry))


@pytest.mark.parametrize(
    ("shares", "visitor", "user", "command"),
    [
        ("everyone", True, True, True),
        ("signed-in", False, True, True),
        ("off", False, False, False),
    ],
)
def test_the_setting_says_who_may_make_links(  # noqa: PLR0917  # parameters of the test
    make_link: MakeLink,
    settings: Settings,
    shares: str,
    visitor: bool,  # noqa: FBT001
    user: bool,  # noqa: FBT001
    command: bool,  # noqa: FBT001
) -> None:
    key, _receipt = make_link()
    settings.SHARES = shares
    allowed = {None: command, ANA: visitor, Owner.user(1, "bia"): user}

    for owner, may in allowed.items():
        assert sharing.may_create(owner) is may
        if not may:
            with pytest.raises(NotAllowedError):
                make_link(owner=owner)

    assert is_live(key)  # opening is for everybody


def test_an_owner_has_a_limited_number_of_live_links(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creating, "MAX_LINKS", 2)
    _key, first = make_link()
    make_link()
    with pytest.raises(TooManyLinksError):
        make_link()
    make_link(owner=BIA)

    revoke(first.receipt)

    make_link()


@pytest.mark.parametrize("limit", ["MAX_BYTES", "MAX_BYTES_IN_ALL"])
def test_live_links_have_a_limited_number_of_bytes(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(creating, limit, 2 * 286)
    make_link()
    make_link()

    with pytest.raises(TooManyLinksError):
        make_link()


def test_all_owners_together_have_a_limited_number_of_links(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creating, "MAX_LINKS_IN_ALL", 1)
    make_link()

    with pytest.raises(TooManyLinksError):
        make_link(owner=BIA)
