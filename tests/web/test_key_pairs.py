"""Key pairs and identifiers on the page."""

import re

import pytest
from django.test import Client

from passwords.formats.key_pairs import public_half
from passwords.models import Policy
from tests.web.conftest import Visit
from tests.web.reading import Element

pytestmark = pytest.mark.any_database


def _held(page: Element, name: str) -> str:
    return page.one("form", id="held").one(name=name).attributes["value"]


@pytest.mark.parametrize("encoding", ["wireguard", "age", "ssh-ed25519"])
def test_the_public_half_is_beside_the_private_key_and_in_the_recents(
    get: Visit, post: Visit, encoding: str
) -> None:
    draft = get(f"/?kind=token&encoding={encoding}").page
    secret = draft.one(id="secret").text

    kept = post("/keep", draft=_held(draft, "draft")).page

    public = public_half(encoding, secret)
    item = _held(kept, "item")
    assert public
    assert draft.one(id="public").text == kept.one(id="public").text == public
    assert kept.one(id=f"value-{item}").text == secret
    assert kept.one(id=f"public-{item}").text == public
    for page_id in ("public", f"public-{item}"):
        assert kept.one("button", data_copy=page_id).attributes["aria-label"].endswith("pública")
    assert "Não é segredo" in kept.one("section", id="result").one(class_="public").text


def test_another_secret_has_no_public_half(get: Visit, post: Visit) -> None:
    assert not get("/?kind=token&encoding=wireguard-psk").page.all(class_="public")
    assert not post("/", kind="token", encoding="uuid7").page.all(class_="public")


def test_a_file_is_shown_to_its_last_newline_and_cannot_be_read_aloud(
    get: Visit, post: Visit
) -> None:
    page = get("/?kind=token&encoding=ssh-ed25519").page
    secret = page.one(id="secret").text

    kept = post("/keep", draft=_held(page, "draft")).page

    assert re.fullmatch(r"-----BEGIN .*-----\n(.{1,70}\n){5}-----END .*-----\n", secret)
    assert not page.all("button", id="read-aloud")
    recent = kept.one("section", id="recents")
    assert not [button for button in recent.all("button") if "voz alta" in button.text]
    assert get("/?kind=token&encoding=age").page.all("button", id="read-aloud")


@pytest.mark.parametrize("use", ["qr", "read-aloud", "hand-over"])
def test_each_use_takes_a_file(client: Client, post: Visit, use: str) -> None:
    item = _held(post("/", kind="token", encoding="ssh-ed25519").page, "item")

    response = client.post(f"/recents/{use}", {"item": item})
    with_network = client.post("/recents/read-aloud", {"item": item, "network": "Casa"})

    assert response.status_code == 200
    assert with_network.status_code == 422


@pytest.mark.parametrize("encoding", ["uuid7", "ulid"])
def test_an_identifier_is_not_called_strong(get: Visit, encoding: str) -> None:
    Policy.objects.create(slug="ids", name="Ids", kind="token", parameters={"encoding": encoding})

    for path in (f"/?kind=token&encoding={encoding}", "/?policy=ids"):
        page = get(path).page

        result = page.one(class_="verdict")
        assert "Identificador, não é segredo" in result.text
        assert result.attributes["data-level"] == ""
        strength = page.one("section", id="strength")
        assert "nunca use um como senha" in strength.text
        assert not strength.all(class_="meter")
        assert not strength.all("dd")
        assert "74" in strength.text or "80" in strength.text
