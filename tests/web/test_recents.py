"""The owner's recent secrets on the page: masked, for their owner only, and deleted on request."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from passwords.recents import RecentItem, new_item_id, open_store
from passwords.recents.items import SHARED_OWNER
from tests.web.conftest import Visit
from tests.web.reading import Reading


def test_a_stranger_has_none(get: Visit) -> None:
    assert get().recents == []


def test_they_are_folded_away_until_their_owner_unfolds_them(get: Visit, post: Visit) -> None:
    secret = post(kind="pin").secret

    (details,) = [
        element for element in get().page.all("details") if element.all(class_="recent-value")
    ]

    assert "open" not in details.attributes
    assert details.one(class_="recent-value").text == secret
    assert secret not in details.one("summary").text


def test_another_visitor_does_not_see_them(post: Visit) -> None:
    secret = post(kind="token").secret

    response = Client().get("/")

    assert secret not in response.content.decode()


def test_one_can_be_deleted(get: Visit, post: Visit) -> None:
    kept = post(kind="pin").secret
    answer = post(kind="token")
    button = answer.page.all("button", name="item", class_="forget")[0]

    response = post("/recents/forget", item=button.attributes["value"], query="kind=token")

    assert response.status == 303
    assert response.headers["Location"] == "/?kind=token"
    assert get().recents == [kept]


def test_all_can_be_deleted(get: Visit, post: Visit) -> None:
    post(kind="pin")
    post(kind="pin")

    response = post("/recents/clear")

    assert response.status == 303
    assert response.headers["Location"] == "/"
    assert get().recents == []


def test_nobody_can_delete_items_of_another_owner(get: Visit, post: Visit) -> None:
    answer = post(kind="pin")
    button = answer.page.one("button", name="item", class_="forget")

    Client().post("/recents/forget", {"item": button.attributes["value"]})

    assert get().recents == [answer.secret]


@pytest.mark.parametrize("path", ["/recents/forget", "/recents/clear"])
def test_deleting_needs_a_post_from_the_same_origin(client: Client, path: str) -> None:
    assert client.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(path).status_code == 405


@pytest.mark.usefixtures("store_away")
@pytest.mark.parametrize("path", ["/recents/forget", "/recents/clear"])
def test_deleting_without_the_store_is_reported(post: Visit, path: str) -> None:
    assert post(path, item="0" * 32).status == 503


@pytest.mark.usefixtures("store_away")
def test_an_unreachable_store_is_reported_on_the_page(get: Visit, client: Client) -> None:
    first = Client().post("/", {"kind": "pin"})
    client.cookies["giropops_owner"] = first.cookies["giropops_owner"].value

    answer = get()

    assert answer.status == 200
    assert answer.page.one(id="recents").all(class_="notice")


def test_a_secret_of_a_later_release_has_the_name_of_its_kind(
    get: Visit, settings: Settings
) -> None:
    settings.RECENTS_SCOPE = "shared"
    now = timezone.now()
    item = RecentItem(
        item_id=new_item_id(), value="S3nha", kind="later", entropy_bits=1.0,
        created_at=now, expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    open_store().add(SHARED_OWNER, [item])

    answer = get()

    assert answer.recents == ["S3nha"]
    assert answer.page.one(class_="shelf-kind").text.strip() == "later"


def test_shared_recents_are_visible_to_all_with_a_notice(get: Visit, settings: Settings) -> None:
    settings.RECENTS_SCOPE = "shared"
    Client().post("/", {"kind": "pin"})

    answer = get()

    assert len(answer.recents) == 1
    assert answer.page.one(class_="banner").text


def _field(answer: Reading) -> str:
    return str(answer.page.one("input", form="naming").attributes["name"])


def test_one_gets_a_name(get: Visit, post: Visit) -> None:
    field = _field(post(kind="pin"))

    response = post("/recents/names", query="kind=pin", **{field: "  Porta   dos fundos "})

    assert response.status == 303
    assert get().page.one("b", class_="shelf-name").text == "Porta dos fundos"


@pytest.mark.parametrize("name", ["x" * 61, "a\x07b"])
def test_a_wrong_name_is_refused(get: Visit, post: Visit, name: str) -> None:
    field = _field(post(kind="pin"))

    response = post("/recents/names", **{field: name})

    assert response.status == 422
    assert get().page.one("b", class_="shelf-name").text == ""


def test_nobody_names_items_of_another_owner(get: Visit, post: Visit) -> None:
    field = _field(post(kind="pin"))

    Client().post("/recents/names", {field: "mine"})

    assert get().page.one("b", class_="shelf-name").text == ""
