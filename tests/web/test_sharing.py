"""The pages of one-time links, as a browser without JavaScript uses them."""

import html
import re
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from passwords.models import Share, ShareState
from passwords.presentation.page_cache import _cache_of
from passwords.sharing import LinkKey

pytestmark = pytest.mark.django_db

TEXT = 'line one\r\n<b>"two"</b> çã 🔑'
SHOWN = TEXT.replace("\r\n", "\n")


@pytest.fixture
def sender() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def recipient() -> Client:
    return Client(headers={"accept-language": "en"})


def _part(page: str, name: str) -> str:
    found = re.search(rf'<code id="made-{name}"[^>]*>([^<]*)</code>', page)
    assert found
    return html.unescape(found[1])


def _make(sender: Client, **fields: str) -> tuple[str, str]:
    """Return the link and the passphrase of a new link."""
    response = sender.post("/share", {"text": TEXT, "passphrase": "", **fields})
    assert response.status_code == HTTPStatus.OK
    page = response.content.decode()
    return _part(page, "link"), _part(page, "passphrase")


def _opened(page: bytes) -> str:
    found = re.search(r'<pre id="opened"[^>]*>\n([^<]*)</pre>', page.decode())
    assert found
    return html.unescape(found[1])


def test_a_link_shows_its_text_once(sender: Client, recipient: Client) -> None:
    link, _passphrase = _make(sender)

    first = recipient.post("/s", {"link": link})
    second = recipient.post("/s", {"link": link})

    assert _opened(first.content) == SHOWN
    assert "used up" in first.content.decode()
    assert second.status_code == HTTPStatus.NOT_FOUND
    assert "tell the sender" in second.content.decode()


def test_a_link_is_an_address_with_its_key_in_the_fragment(sender: Client) -> None:
    page = sender.post("/share", {"text": TEXT, "passphrase": ""}).content.decode()

    address, key = _part(page, "address"), _part(page, "key")

    assert _part(page, "link") == f"{address}#{key}"
    assert address == "http://testserver/s"
    assert 'class="qr"' in page


@pytest.mark.parametrize(("kind", "pattern"), [("words", r"\S+-\S+-\S+"), ("digits", r"\d{6}")])
def test_a_passphrase_is_drawn_and_needed(
    sender: Client, recipient: Client, kind: str, pattern: str
) -> None:
    link, passphrase = _make(sender, passphrase=kind)

    without = recipient.post("/s", {"link": link})
    wrong = recipient.post("/s", {"link": link, "passphrase": "wrong"})
    right = recipient.post("/s", {"link": link, "passphrase": passphrase})

    assert re.fullmatch(pattern, passphrase)
    assert without.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert wrong.status_code == HTTPStatus.FORBIDDEN
    assert "9 attempts are left" in wrong.content.decode()
    assert _opened(right.content) == SHOWN


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"link": "nothing"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"link": f"http://testserver/s#{LinkKey(bytes(32)).fragment}"}, HTTPStatus.NOT_FOUND),
    ],
)
def test_a_wrong_link_is_explained(
    recipient: Client, fields: dict[str, str], status: HTTPStatus
) -> None:
    response = recipient.post("/s", fields)

    assert response.status_code == status
    assert 'id="problem" class="notice" role="alert" tabindex="-1">' in response.content.decode()


def test_looking_at_the_page_a_thousand_times_opens_nothing(
    sender: Client, recipient: Client
) -> None:
    link, _passphrase = _make(sender)

    for _ in range(250):
        for method in (recipient.get, recipient.head, recipient.options):
            assert method("/s").status_code < HTTPStatus.BAD_REQUEST
        recipient.post("/s", {"link": "", "passphrase": ""})  # a scanner that presses the button

    assert _opened(recipient.post("/s", {"link": link}).content) == SHOWN


def test_the_page_is_the_same_for_every_link_and_in_no_index(recipient: Client) -> None:
    response = recipient.get("/s")

    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content == Client(headers={"accept-language": "en"}).get("/s").content


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "x", "expires_in": "60"}, "expires_in"),
        ({"text": "x", "expires_in": "soon"}, "expires_in"),
        ({"text": "x", "views": "21"}, "views"),
        ({"text": "x", "passphrase": "four"}, "passphrase"),
    ],
)
def test_an_invalid_field_is_named_and_the_text_stays(
    sender: Client, fields: dict[str, str], field: str
) -> None:
    response = sender.post("/share", fields)

    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="e-{field}"' in page
    assert fields["text"] in page
    assert not Share.objects.exists()


def test_the_sender_sees_their_links_and_revokes_one(sender: Client, recipient: Client) -> None:
    link, _passphrase = _make(sender, views="2")
    recipient.post("/s", {"link": link})
    receipt = Share.objects.get().receipt

    listed = sender.get("/shares").content.decode()
    revoked = sender.post("/shares", {"receipt": receipt})

    assert 'data-state="live"' in listed
    assert receipt in listed
    assert revoked.status_code == HTTPStatus.FOUND
    assert Share.objects.get().state == ShareState.REVOKED
    assert recipient.post("/s", {"link": link}).status_code == HTTPStatus.NOT_FOUND
    assert 'data-state="revoked"' in sender.get("/shares").content.decode()


def test_the_list_says_that_a_link_with_openings_left_was_opened(
    sender: Client, recipient: Client
) -> None:
    link, _passphrase = _make(sender, views="2")

    before = sender.get("/shares").content.decode()
    recipient.post("/s", {"link": link})
    after = sender.get("/shares").content.decode()

    assert "Waiting to be opened." in before
    assert "Waiting to be opened." not in after
    assert "Opened, and can be opened again." in after


def test_a_long_list_has_pages(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passwords.web.sharing.LINKS_A_PAGE", 2)
    for _ in range(3):
        _make(sender)
    newest, second, oldest = Share.objects.values_list("receipt", flat=True)

    first_page = sender.get("/shares").content.decode()
    last_page = sender.get("/shares?page=2").content.decode()

    assert newest in first_page
    assert second in first_page
    assert oldest not in first_page
    assert 'href="?page=2"' in first_page
    assert oldest in last_page
    assert newest not in last_page
    assert 'href="?page=1"' in last_page


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 5000, "%00", ""])
def test_an_unknown_page_of_the_list_is_a_page(sender: Client, page: str) -> None:
    _make(sender)

    assert Share.objects.get().receipt in sender.get(f"/shares?page={page}").content.decode()


def test_nobody_else_sees_or_revokes_a_link(sender: Client, recipient: Client) -> None:
    _make(sender)
    receipt = Share.objects.get().receipt

    listed = recipient.get("/shares").content.decode()
    revoked = recipient.post("/shares", {"receipt": receipt})

    assert receipt not in listed
    assert revoked.status_code == HTTPStatus.NOT_FOUND
    assert Share.objects.get().state == ShareState.LIVE


def test_the_page_never_shows_a_key_in_the_list(sender: Client) -> None:
    link, _passphrase = _make(sender)

    assert link.partition("#")[2] not in sender.get("/shares").content.decode()


@pytest.mark.parametrize("who_may", ["signed-in", "off"])
def test_a_stranger_makes_no_link_where_that_is_not_allowed(sender: Client, who_may: str) -> None:
    with override_settings(SHARES=who_may):
        assert sender.get("/share").status_code == HTTPStatus.FORBIDDEN
        assert sender.post("/share", {"text": "x"}).status_code == HTTPStatus.FORBIDDEN

    assert not Share.objects.exists()


def test_the_pages_say_when_the_processor_lacks_aes(
    sender: Client, recipient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passwords.sharing.has_aes", lambda: False)

    assert "lacks AES" in sender.get("/share").content.decode()
    assert "lacks AES" in recipient.get("/s").content.decode()


def test_another_site_cannot_make_or_open_a_link(sender: Client) -> None:
    headers = {"sec-fetch-site": "cross-site"}

    assert sender.post("/share", {"text": "x"}, headers=headers).status_code == HTTPStatus.FORBIDDEN
    assert sender.post("/s", {"link": "x"}, headers=headers).status_code == HTTPStatus.FORBIDDEN
    assert not Share.objects.exists()


def test_an_operator_who_shares_nothing_shows_no_way_to_it(sender: Client) -> None:
    with override_settings(SHARES="off"):
        _cache_of.cache_clear()
        page = sender.get("/").content.decode()
        links = sender.get("/shares").content.decode()
    _cache_of.cache_clear()

    assert "/share" not in page
    assert 'href="/share"' not in links
    assert 'href="/share"' in sender.get("/shares").content.decode()
    assert "hand-over" not in page
    assert "hand-over" in sender.get("/").content.decode()


def test_only_a_signed_in_sender_s_browser_seals_where_the_api_is_closed(sender: Client) -> None:
    def seals() -> bool:
        return "data-api" in sender.get("/share").content.decode()

    assert seals()
    with override_settings(API_REQUIRES_TOKEN=True):
        assert not seals()
        sender.force_login(User.objects.create_user("ana"))
        assert seals()
