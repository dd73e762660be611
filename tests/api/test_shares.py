"""One-time links over the API, as a client of its own makes and opens them."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from passwords import sharing
from passwords.formats.key_pairs import public_half
from passwords.models import AuditEntry, Generation, Share
from passwords.sharing import LinkKey, protocol, stretching
from tests.api.clients import (
    COOKIE,
    SECRETS,
    SHARE_OPEN,
    SHARE_STATUS,
    SHARES,
    draw,
    errors,
    make_client,
    post,
    recents,
    values,
)

if TYPE_CHECKING:
    # What django-stubs calls the answer of a test client.
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

TEXT = "the-text-of-a-link-3f9c"
KEY = LinkKey(bytes(range(32)))


def body(key: LinkKey = KEY, passphrase: str | None = None, **more: object) -> dict[str, object]:
    """Return what a client sends to make a link."""
    keys = key.unlock(passphrase)
    return {
        "id": protocol.encode(keys.share_id),
        "verifier": protocol.encode(keys.verifier),
        "sealed": protocol.encode(protocol.seal(keys, TEXT)),
        "expires_in": 3600,
        "views": 1,
        "passphrase": passphrase is not None,
        **more,
    }


def make(client: Client, key: LinkKey = KEY, **more: Any) -> dict[str, Any]:
    answer = post(client, SHARES, body(key, **more))
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def open_link(client: Client, key: LinkKey = KEY, passphrase: str | None = None) -> "Answer":
    keys = key.unlock(passphrase)
    wanted = {"id": protocol.encode(keys.share_id), "proof": protocol.encode(keys.proof)}
    return post(client, SHARE_OPEN, wanted)


def status(client: Client, key: LinkKey = KEY) -> "Answer":
    return post(client, SHARE_STATUS, {"id": protocol.encode(key.share_id)})


@pytest.fixture
def client(memory_client: Client) -> Client:
    return memory_client


@pytest.fixture
def stranger(memory_store: None, db: None) -> Client:  # noqa: ARG001  # the client needs them
    return make_client()


def test_a_link_is_made_seen_and_opened_once(client: Client, stranger: Client) -> None:
    before = datetime.now(UTC)
    made = make(client)

    assert set(made) == {"receipt", "expires_at", "views"}
    assert made["views"] == 1
    expires_at = datetime.fromisoformat(made["expires_at"])
    assert timedelta(0) <= expires_at - before - timedelta(hours=1) < timedelta(minutes=1)
    seen = status(stranger)
    assert (seen.status_code, seen.json()) == (
        200,
        {"state": "live", "passphrase": False, "expires_at": made["expires_at"]},
    )
    opened = open_link(stranger)
    assert opened.status_code == 200
    assert set(opened.json()) == {"sealed", "views_left"}
    sealed = protocol.decode(opened.json()["sealed"])
    assert protocol.unseal(KEY.unlock(None), sealed) == TEXT
    assert open_link(stranger).status_code == 404
    (listed,) = client.get(SHARES).json()["shares"]
    assert listed["opened_at"] is not None
    assert listed == {
        "receipt": made["receipt"],
        "state": "opened",
        "created_at": listed["created_at"],
        "expires_at": made["expires_at"],
        "opened_at": listed["opened_at"],
        "views_left": 0,
        "attempts": 0,
    }
    assert client.get(f"{SHARES}/{made['receipt']}").json() == listed


def test_a_wrong_proof_says_how_many_attempts_are_left(client: Client) -> None:
    make(client, views=2)
    wrong = {"id": protocol.encode(KEY.share_id), "proof": protocol.encode(bytes(32))}

    answers = [post(client, SHARE_OPEN, wrong) for _ in range(10)]

    assert [answer.status_code for answer in answers] == [403] * 10
    assert [answer.json() for answer in answers] == [
        {"attempts_left": left} for left in range(9, -1, -1)
    ]
    assert open_link(client).status_code == 404
    (listed,) = client.get(SHARES).json()["shares"]
    assert (listed["state"], listed["attempts"]) == ("locked", 10)


def test_what_is_gone_looks_as_if_it_had_never_been(client: Client, stranger: Client) -> None:
    keys = {name: LinkKey.draw() for name in ("opened", "revoked", "locked", "expired", "unknown")}
    made = {name: make(client, key) for name, key in keys.items() if name != "unknown"}
    open_link(client, keys["opened"])
    client.delete(f"{SHARES}/{made['revoked']['receipt']}")
    wrong = {
        "id": protocol.encode(keys["locked"].share_id),
        "proof": protocol.encode(bytes(32)),
    }
    for _ in range(10):
        post(client, SHARE_OPEN, wrong)
    Share.objects.filter(receipt=made["expired"]["receipt"]).update(expires_at=timezone.now())

    def seen(answer: "Answer") -> str:
        headers = {**answer.headers, "X-Request-ID": ""}  # random
        return repr((answer.status_code, answer.content, sorted(headers.items())))

    for ask in (status, open_link):
        answers = {name: seen(ask(stranger, key)) for name, key in keys.items()}

        assert set(answers.values()) == {answers["unknown"]}
        assert "404" in answers["unknown"]
    states = {item["state"] for item in client.get(SHARES).json()["shares"]}
    assert states == {"opened", "revoked", "locked", "expired"}


def test_an_id_can_be_used_once(client: Client, stranger: Client) -> None:
    make(client)
    open_link(client)

    answer = post(stranger, SHARES, body())

    assert list(errors(answer, 409)) == ["id"]


def test_a_stranger_sees_and_revokes_nothing(client: Client, stranger: Client) -> None:
    made = make(client)
    address = f"{SHARES}/{made['receipt']}"
    make(stranger, LinkKey.draw())  # has a cookie now, and a link

    assert list(errors(stranger.get(address), 404)) == ["receipt"]
    assert list(errors(stranger.delete(address), 404)) == ["receipt"]
    assert list(errors(make_client().delete(address), 404)) == ["receipt"]
    assert make_client().get(SHARES).json() == {"shares": []}
    assert len(stranger.get(SHARES).json()["shares"]) == 1
    assert status(stranger).status_code == 200


def test_the_sender_revokes_at_once(client: Client) -> None:
    made = make(client)

    first, second = (client.delete(f"{SHARES}/{made['receipt']}") for _ in range(2))

    assert (first.status_code, first.content, second.status_code) == (204, b"", 204)
    assert status(client).status_code == 404
    assert client.get(f"{SHARES}/{made['receipt']}").json()["state"] == "revoked"


@pytest.mark.parametrize("receipt", ["0", "é", "%00", "a" * 5000, "..%2F", "0" * 32])
def test_a_receipt_that_never_was_is_not_found(client: Client, receipt: str) -> None:
    make(client)

    assert client.get(f"{SHARES}/{receipt}").status_code == 404
    assert client.delete(f"{SHARES}/{receipt}").status_code == 404


def test_links_are_not_shared_where_recents_are(
    client: Client, stranger: Client, settings: Settings
) -> None:
    settings.RECENTS_SCOPE = "shared"

    make(client)

    assert len(client.get(SHARES).json()["shares"]) == 1
    assert stranger.get(SHARES).json() == {"shares": []}


def test_a_signed_in_sender_has_the_links_on_every_device(client: Client) -> None:
    user = User.objects.create_user("bia")
    other = make_client()
    for device in (client, other):
        device.force_login(user)

    made = make(client)

    assert [item["receipt"] for item in other.get(SHARES).json()["shares"]] == [made["receipt"]]
    assert Share.objects.get().user_name == "bia"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "AAAA"}, "id"),
        ({"id": "A" * 21 + "B"}, "id"),  # the same bytes as another text
        ({"id": "é" * 22}, "id"),
        ({"id": 5}, "id"),
        ({"verifier": "A" * 42}, "verifier"),
        ({"sealed": ""}, "sealed"),
        ({"sealed": "*"}, "sealed"),
        ({"sealed": ["AQA"]}, "sealed"),
        ({"sealed": protocol.encode(bytes(286))}, "sealed"),
        ({"sealed": protocol.encode(b"\x01\x00" + bytes(283))}, "sealed"),
        ({"sealed": protocol.encode(b"\x01\x02" + bytes(284))}, "sealed"),
        ({"passphrase": True}, "sealed"),  # the header says that there is none
        ({"passphrase": "yes"}, "passphrase"),
        ({"passphrase": None}, "passphrase"),
        ({"expires_in": 299}, "expires_in"),
        ({"expires_in": 30 * 86_400 + 1}, "expires_in"),
        ({"expires_in": True}, "expires_in"),
        ({"expires_in": None}, "expires_in"),
        ({"expires_in": "3600"}, "expires_in"),
        ({"expires_in": 1e300}, "expires_in"),
        ({"views": 0}, "views"),
        ({"views": 21}, "views"),
        ({"views": 1.5}, "views"),
        ({"label": "x"}, "label"),
        ({"\0": "x"}, "body"),
    ],
)
def test_a_wrong_field_is_named(client: Client, change: dict[str, object], field: str) -> None:
    answer = post(client, SHARES, {**body(), **change})

    assert list(errors(answer, 422)) == [field]
    assert not Share.objects.exists()


@pytest.mark.parametrize("field", ["id", "verifier", "sealed", "passphrase"])
def test_a_missing_field_is_named(client: Client, field: str) -> None:
    content = body()
    del content[field]

    assert list(errors(post(client, SHARES, content), 422)) == [field]


def test_lifetime_and_views_may_be_left_out(client: Client) -> None:
    content = body()
    del content["expires_in"], content["views"]

    made = post(client, SHARES, content).json()

    assert made["views"] == 1
    share = Share.objects.get()
    assert share.expires_at - share.created_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("path", "content", "field"),
    [
        (SHARE_STATUS, {}, "id"),
        (SHARE_STATUS, {"id": "x"}, "id"),
        (SHARE_STATUS, {"id": protocol.encode(bytes(16)), "proof": ""}, "proof"),
        (SHARE_OPEN, {"id": protocol.encode(bytes(16))}, "proof"),
        (SHARE_OPEN, {"id": protocol.encode(bytes(16)), "proof": "x"}, "proof"),
        (SHARE_OPEN, {"proof": protocol.encode(bytes(32))}, "id"),
    ],
)
def test_a_wrong_field_of_other_requests_is_named(
    client: Client, path: str, content: dict[str, object], field: str
) -> None:
    assert list(errors(post(client, path, content), 422)) == [field]


@pytest.mark.parametrize("padded", [174, 175])
def test_a_sealed_text_is_limited_in_size(client: Client, padded: int) -> None:
    """Of 256 bytes each, 175 and the overhead are 44,830 bytes; 176 are too many."""
    content = body(sealed=protocol.encode(b"\x01\x00" + bytes(28 + padded * 256)))

    assert post(client, SHARES, content).status_code == 201


def test_a_larger_sealed_text_is_refused(client: Client) -> None:
    content = body(sealed=protocol.encode(b"\x01\x00" + bytes(28 + 176 * 256)))

    assert list(errors(post(client, SHARES, content), 413)) == ["sealed"]
    assert not Share.objects.exists()


def test_the_longest_text_fits(client: Client) -> None:
    keys = KEY.unlock(None)
    longest = "🔑" * sharing.MAX_CHARACTERS
    content = body(sealed=protocol.encode(protocol.seal(keys, longest)))

    assert len(json.dumps(content)) <= 64 * 1024
    assert post(client, SHARES, content).status_code == 201


@pytest.mark.parametrize(("shares", "status_code"), [("signed-in", 403), ("off", 403)])
def test_who_may_not_make_links_can_still_open_them(
    client: Client, settings: Settings, shares: str, status_code: int
) -> None:
    make(client)
    settings.SHARES = shares

    assert list(errors(post(client, SHARES, body(LinkKey.draw())), status_code)) == ["request"]
    assert list(errors(post(client, SECRETS, {"share": {}}), status_code)) == ["request"]
    assert open_link(client).status_code == 200


def test_too_many_live_links_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passwords.sharing.creating.MAX_LINKS", 1)
    make(client)

    assert list(errors(post(client, SHARES, body(LinkKey.draw())), 429)) == ["request"]


@pytest.mark.parametrize("path", [SHARES, SHARE_STATUS, SHARE_OPEN])
def test_pages_of_other_sites_can_do_nothing(client: Client, path: str) -> None:
    answer = client.post(
        path, body(), content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert list(errors(answer, 403)) == ["request"]
    assert not Share.objects.exists()


def test_the_cookie_lives_as_long_as_the_receipt(client: Client) -> None:
    answer = post(client, SHARES, body(expires_in=7 * 86_400))

    days = answer.cookies[COOKIE]["max-age"] / 86_400
    assert 36.9 < days <= 37.1

    # Drawing sets the cookie again, and does not shorten it.
    answer = post(client, SECRETS, {})
    assert 36.9 < answer.cookies[COOKIE]["max-age"] / 86_400 <= 37.1
    assert len(client.get(SHARES).json()["shares"]) == 1

    make(client, LinkKey.draw(), expires_in=300)
    assert 36.9 < client.cookies[COOKIE]["max-age"] / 86_400 <= 37.1


def test_a_sender_who_drew_before_keeps_the_recents(client: Client) -> None:
    draw(client)

    make(client)

    assert len(recents(client)) == 1


# --- POST /api/v1/secrets with a share ------------------------------------------------------------


def shared(client: Client, **options: object) -> dict[str, Any]:
    answer = post(client, SECRETS, {"kind": "pin", "length": 12, "share": options})
    assert answer.status_code == 201, answer.content
    content: dict[str, Any] = answer.json()
    return content


def opened_text(content: dict[str, Any]) -> str:
    key = LinkKey.parse(content["share"]["link"])
    return sharing.open_text(key=key, passphrase=content["share"]["passphrase"]).text


def test_a_secret_is_drawn_and_shared_in_one_request(client: Client) -> None:
    content = shared(client, expires_in=3600, views=2, passphrase="digits", reveal=True)

    (secret,) = content["secrets"]
    assert set(content["share"]) == {"link", "passphrase", "receipt", "expires_at"}
    assert content["share"]["link"].startswith("http://testserver/s#")
    assert len(content["share"]["passphrase"]) == 6
    assert (content["recents"], content["recents_kept"]) == ("kept", 1)
    assert values(client) == [secret["value"]]
    assert opened_text(content) == secret["value"]
    (listed,) = client.get(SHARES).json()["shares"]
    assert listed["receipt"] == content["share"]["receipt"]
    assert listed["views_left"] == 1
    assert Generation.objects.get().kind == "pin"


def test_without_reveal_neither_the_response_nor_the_recents_hold_the_secret(
    client: Client,
) -> None:
    content = shared(client, reveal=False)

    (secret,) = content["secrets"]
    assert set(secret) == {"id", "kind", "entropy_bits", "created_at", "expires_at"}
    assert (content["recents"], content["recents_kept"]) == ("withheld", 0)
    assert recents(client) == []
    text = opened_text(content)
    assert len(text) == 12
    assert text not in json.dumps(content)


def test_without_reveal_the_response_still_has_the_public_half_of_a_key_pair(
    client: Client,
) -> None:
    recipe = {"kind": "token", "encoding": "ssh-ed25519", "share": {"reveal": False}}
    content = post(client, SECRETS, recipe).json()

    (secret,) = content["secrets"]
    private = opened_text(content)
    assert secret["public"] == public_half("ssh-ed25519", private)
    assert private.splitlines()[1] not in json.dumps(content)
    assert "value" not in secret


def test_by_default_a_link_has_a_passphrase_of_three_words(client: Client) -> None:
    content = shared(client)

    assert len(content["share"]["passphrase"].split("-")) == 3
    assert content["secrets"][0]["value"] == opened_text(content)


def test_a_link_may_have_no_passphrase(client: Client) -> None:
    content = shared(client, passphrase=None)

    assert content["share"]["passphrase"] is None
    assert opened_text(content) == content["secrets"][0]["value"]


def test_the_link_has_the_address_of_the_settings(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://senhas.example.com"
    settings.URL_PREFIX = "/giropops"

    content = shared(client, passphrase=None)

    assert content["share"]["link"].startswith("https://senhas.example.com/giropops/s#")


def test_a_policy_can_be_shared(client: Client) -> None:
    answer = post(client, SECRETS, {"policy": "wifi", "share": {"passphrase": None}})

    assert opened_text(answer.json()) == answer.json()["secrets"][0]["value"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"share": {}, "count": 2}, "count"),
        ({"share": None}, "share"),
        ({"share": True}, "share"),
        ({"share": {"views": 0}}, "share.views"),
        ({"share": {"expires_in": 1}}, "share.expires_in"),
        ({"share": {"passphrase": "mine"}}, "share.passphrase"),
        ({"share": {"passphrase": False}}, "share.passphrase"),
        ({"share": {"reveal": None}}, "share.reveal"),
        ({"share": {"link": "x"}}, "share.link"),
        ({"share": {"\0": "x"}}, "body"),
        ({"share": {}, "length": 3}, "length"),
    ],
)
def test_a_wrong_field_beside_share_is_named_and_nothing_is_kept(
    client: Client, content: dict[str, object], field: str
) -> None:
    answer = post(client, SECRETS, content)

    assert list(errors(answer, 422)) == [field]
    assert recents(client) == []
    assert not Generation.objects.exists()
    assert not Share.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_refused_link_leaves_recents_and_history_untouched(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passwords.sharing.creating.MAX_LINKS", 0)

    assert list(errors(post(client, SECRETS, {"share": {"passphrase": None}}), 429)) == ["request"]
    assert recents(client) == []
    assert not Generation.objects.exists()


def test_one_passphrase_at_a_time_is_stretched(client: Client) -> None:
    with stretching._stretching:
        answer = post(client, SECRETS, {"share": {}})

    assert list(errors(answer, 429)) == ["request"]
    assert answer["Retry-After"] == "1"


def test_a_server_without_aes_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> bytes:
        raise sharing.NoAesError

    content = body()
    monkeypatch.setattr(protocol, "seal", refuse)

    assert list(errors(post(client, SECRETS, {"share": {}}), 501)) == ["request"]
    assert post(client, SHARES, content).status_code == 201  # a client seals by itself
