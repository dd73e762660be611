"""A secret spelled for reading aloud, and a card for a wireless network."""

import pytest
from django.test import Client

from passwords.models import Generation
from tests.web.conftest import Visit
from tests.web.reading import read


def _draft(get: Visit, query: str = "kind=pin&length=8") -> str:
    return get(f"/?{query}").page.one("input", name="draft").attributes["value"]


def test_a_draft_is_spelled_in_groups_of_four_and_recorded(get: Visit, post: Visit) -> None:
    shown = get("/?kind=pin&length=8").page
    secret = shown.one(id="secret").text

    spelled = post(
        "/recents/read-aloud", draft=shown.one("input", name="draft").attributes["value"]
    ).page

    _all, *groups = spelled.one(class_="spelling").all("ol")
    signs = [[sign.text for sign in group.all("b")] for group in groups]
    assert signs == [list(secret[:4]), list(secret[4:])]
    assert Generation.objects.count() == 1


def test_a_recent_secret_is_spelled_to_its_owner_alone(post: Visit) -> None:
    item = post(kind="pin", length="4").page.one("input", name="item").attributes["value"]

    own = post("/recents/read-aloud", item=item)
    foreign = Client().post("/recents/read-aloud", {"item": item})

    assert len(own.page.one(class_="spelling").all("b")) == 4
    assert foreign.status_code == 404


def test_with_the_name_of_a_network_there_is_a_card(get: Visit, post: Visit) -> None:
    page = post("/recents/read-aloud", draft=_draft(get), network='Casa "Ana"').page

    card = page.one(class_="card")
    assert card.all("svg", class_="qr")
    assert card.all("dd")[0].text == 'Casa "Ana"'


def test_the_card_and_the_draft_are_one_use(get: Visit, post: Visit) -> None:
    draft = _draft(get)
    for network in ("Casa", "Loja"):
        post("/recents/read-aloud", draft=draft, network=network)

    assert Generation.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "network"), [("kind=pin&length=8", "x" * 33), ("kind=pin&length=7", "Casa")]
)
def test_what_no_network_can_have_is_named_at_the_field(
    get: Visit, post: Visit, query: str, network: str
) -> None:
    answer = post("/recents/read-aloud", draft=_draft(get, query), network=network)

    field = answer.page.one(id="network")
    assert answer.status == 422
    assert answer.page.one(id=field.attributes["aria-describedby"]).text
    assert not answer.page.all(class_="card")


def test_a_token_that_cannot_be_read_is_gone(client: Client) -> None:
    assert client.post("/recents/read-aloud", {"draft": "x"}).status_code == 410
    assert client.get("/recents/read-aloud").status_code == 405


def test_neither_secret_nor_network_is_stored_by_the_browser(get: Visit, client: Client) -> None:
    response = client.post("/recents/read-aloud", {"draft": _draft(get), "network": "Casa"})

    assert "no-store" in response["Cache-Control"]
    assert read(response).status == 200
