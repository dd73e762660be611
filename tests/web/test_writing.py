"""A secret in a format, on a page of its own that needs no JavaScript."""

import importlib.util
import json
from base64 import b64decode, b64encode
from typing import Any

import pytest
import yaml
from django.test import Client

from passwords.formats import FORMATS, choice
from passwords.models import Generation
from tests.web.conftest import Visit
from tests.web.reading import Element

ONE_WAY = [name for name, found in FORMATS.items() if found.is_one_way]
FIELDS = {
    "env": {"env-name": "DB_PASSWORD"},
    "kubernetes": {"kubernetes-name": "db"},
    "tfvars": {"tfvars-name": "db_password"},
    "htpasswd": {"htpasswd-user": "ana", "htpasswd-cost": "5"},
    "wifi": {"wifi-network": "Casa"},
    "otpauth": {"otpauth-issuer": "Casa", "otpauth-account": "ana"},
}


def _shown(page: Element) -> tuple[str, dict[str, str]]:
    """Return the secret of the page, and what its form sends for it."""
    held = page.one("form", id="held").one("input").attributes
    return page.one(id="secret").text, {held["name"]: held["value"]}


@pytest.fixture
def kept(post: Visit) -> tuple[str, dict[str, str]]:
    """A recent secret of 16 bytes in Base32, which every format takes."""
    return _shown(post("/", kind="token", encoding="base32").page)


def test_the_shown_secret_and_each_recent_one_lead_to_the_page(get: Visit, post: Visit) -> None:
    draft = get("/?kind=pin").page
    recent = post("/", kind="pin").page.one("section", id="recents")

    assert draft.one("button", id="write-as").attributes["formaction"] == "/recents/write"
    assert [
        button.attributes["name"]
        for button in recent.all("button")
        if button.attributes.get("formaction") == "/recents/write"
    ] == ["item"]


def test_a_draft_that_is_written_is_recorded_once(get: Visit, post: Visit) -> None:
    secret, held = _shown(get("/?kind=pin&length=8").page)

    post("/recents/write", **held)
    written = post("/recents/write", **held, **{"as": "env"}, **FIELDS["env"]).page

    assert written.one(id="text").text == f"DB_PASSWORD={secret}"
    assert Generation.objects.count() == 1
    assert get().page.one(class_="recent-value").text == secret


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_with_the_fields_of_its_form(
    post: Visit, kept: tuple[str, dict[str, str]], name: str
) -> None:
    secret, held = kept

    page = post("/recents/write", **held, **{"as": name}, **FIELDS.get(name, {})).page

    text = page.one(id="text").text
    assert page.one(id="as-" + name).one("button").attributes["value"] == name
    if name in ONE_WAY:
        assert secret not in text
        assert page.one(id="made-secret").text == secret
    else:
        assert secret in text or b64encode(secret.encode()).decode() in text
        assert not page.all(id="made-secret")
    assert bool(page.all("svg", class_="qr")) is (name in {"wifi", "otpauth"})


def test_flags_numbers_and_choices_are_read(post: Visit, kept: tuple[str, dict[str, str]]) -> None:
    secret, held = kept

    def write(as_: str, **fields: str) -> str:
        form = {f"{as_}-{field}": value for field, value in fields.items()}
        return post("/recents/write", **held, **{"as": as_}, **form).page.one(id="text").text

    manifest = yaml.safe_load(
        write("kubernetes", name="db", key="token", namespace="prod", immutable="on")
    )
    assert manifest["metadata"] == {"name": "db", "namespace": "prod"}
    assert manifest["immutable"] is True
    assert {key: b64decode(value) for key, value in manifest["data"].items()} == {
        "token": secret.encode()
    }
    assert write("shadow", rounds="1000", user="").startswith("$6$rounds=1000$")
    assert write("htpasswd", user="ana", cost="5", compose="on").startswith("ana:$$2y$$05$$")
    assert write("wifi", network="Casa", security="SAE", hidden="off").startswith("WIFI:T:SAE;")


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"as": "env"}, "env-name"),
        ({"as": "env", "env-name": "1 x"}, "env-name"),
        ({"as": "kubernetes", "kubernetes-name": "db", "kubernetes-key": "\0"}, "kubernetes-key"),
        ({"as": "tfvars", "tfvars-name": "x" * 5000}, "tfvars-name"),
        ({"as": "htpasswd", "htpasswd-user": "ana", "htpasswd-cost": "31"}, "htpasswd-cost"),
        ({"as": "shadow", "shadow-rounds": "9" * 20}, "shadow-rounds"),
        ({"as": "shadow", "shadow-rounds": "1.5"}, "shadow-rounds"),
        ({"as": "wifi", "wifi-network": "Casa", "wifi-security": "WEP"}, "wifi-security"),
        ({"as": "wifi", "wifi-network": "Casa", "wifi-hidden": "x"}, "wifi-hidden"),
    ],
)
def test_an_error_stands_beside_its_field(
    post: Visit, kept: tuple[str, dict[str, str]], fields: dict[str, str], faulty: str
) -> None:
    answer = post("/recents/write", **kept[1], **fields)

    field = answer.page.one(id=f"f-{faulty}")
    assert answer.status == 422
    assert answer.page.one(id=field.attributes["aria-describedby"]).text
    assert not answer.page.all(id="text")
    assert [details for details in answer.page.all("details") if "open" in details.attributes]


@pytest.mark.parametrize(
    ("query", "fields", "message"),
    [
        ({"kind": "pin", "length": "4"}, {"as": "wifi", "wifi-network": "Casa"}, "8 a 63"),
        (
            {"kind": "characters", "length": "80"},
            {"as": "htpasswd", "htpasswd-user": "ana"},
            "72 bytes",
        ),
    ],
)
def test_a_secret_that_the_format_does_not_take_is_told_in_its_form(
    post: Visit, query: dict[str, str], fields: dict[str, str], message: str
) -> None:
    _secret, held = _shown(post("/", **query).page)

    answer = post("/recents/write", **held, **fields)

    assert answer.status == 422
    assert message in answer.page.one(role="alert").text


@pytest.mark.parametrize("name", ["otpauth", "nothing", ""])
def test_a_format_that_is_not_offered_is_refused(post: Visit, name: str) -> None:
    off = dict.fromkeys(("lowercase", "digits", "symbols"), "off")
    # Its letters are also a text in Base32.
    _secret, held = _shown(post("/", kind="characters", length="16", **off).page)

    offered = post("/recents/write", **held).page
    answer = post("/recents/write", **held, **{"as": name}, **FIELDS["otpauth"])

    assert not offered.all(id="as-otpauth")
    assert offered.all(id="as-env")
    assert answer.status == 422
    assert not answer.page.all(id="text")


def test_htpasswd_is_not_offered_without_bcrypt(
    monkeypatch: pytest.MonkeyPatch, post: Visit, kept: tuple[str, dict[str, str]]
) -> None:
    assert post("/recents/write", **kept[1]).page.all(id="as-htpasswd")
    find = importlib.util.find_spec

    def hide(name: str, *rest: Any) -> Any:
        return None if name == "bcrypt" else find(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", hide)

    assert not post("/recents/write", **kept[1]).page.all(id="as-htpasswd")


def test_while_the_server_hashes_for_somebody_else_a_hash_is_refused(
    client: Client, kept: tuple[str, dict[str, str]]
) -> None:
    with choice._hashing:
        hashed = client.post("/recents/write", {**kept[1], "as": "shadow"})
        copied = client.post("/recents/write", {**kept[1], "as": "docker-secret"})

    assert (hashed.status_code, hashed["Retry-After"]) == (429, "1")
    assert copied.status_code == 200


def test_quotes_in_env_lines_are_told(post: Visit) -> None:
    _secret, held = _shown(post("/", kind="characters", symbol_set="#", symbols="on").page)

    page = post("/recents/write", **held, **{"as": "env"}, **FIELDS["env"]).page

    assert page.one(id="text").text.startswith("DB_PASSWORD='")
    assert "docker run --env-file" in page.one(id="note").text


def test_nobody_else_can_write_it_and_a_forgotten_one_is_told(
    client: Client, kept: tuple[str, dict[str, str]]
) -> None:
    secret, held = kept
    form = {**held, "as": "env", **FIELDS["env"]}

    other = Client()
    for visitor in (client, other):  # each has a secret of their own
        visitor.post("/", {"kind": "pin"})

    foreign = other.post("/recents/write", form)
    client.post("/recents/forget", held)
    forgotten = client.post("/recents/write", form)

    assert (foreign.status_code, forgotten.status_code) == (404, 404)
    assert secret not in foreign.content.decode()
    assert "recentes" in forgotten.content.decode()
    assert client.post("/recents/write", {"draft": "x"}).status_code == 410
    assert client.get("/recents/write").status_code == 405


@pytest.mark.usefixtures("kept", "store_away")
def test_without_the_store_the_page_says_so(client: Client) -> None:
    assert client.post("/recents/write", {"item": "0" * 32}).status_code == 503


@pytest.mark.usefixtures("kept", "store_away")
def test_a_draft_is_written_without_the_store(get: Visit, post: Visit) -> None:
    secret, held = _shown(get("/?kind=pin").page)

    written = post("/recents/write", **held, **{"as": "env"}, **FIELDS["env"]).page

    assert written.one(id="text").text == f"DB_PASSWORD={secret}"


def test_neither_secret_nor_text_is_stored_by_the_browser(
    client: Client, kept: tuple[str, dict[str, str]]
) -> None:
    response = client.post("/recents/write", {**kept[1], "as": "env", **FIELDS["env"]})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_secret_that_the_page_writes_keeps_its_name_and_gets_the_format(
    client: Client, get: Visit, post: Visit, kept: tuple[str, dict[str, str]]
) -> None:
    (item,) = client.get("/api/v1/recents").json()["recents"]
    client.post("/recents/names", {f"name-{item['id']}": "router"})

    post("/recents/write", **kept[1], **{"as": "env"}, **FIELDS["env"])
    post("/recents/write", **kept[1], **{"as": "kubernetes"}, **FIELDS["kubernetes"])

    (after,) = client.get("/api/v1/recents").json()["recents"]
    assert after == {**item, "format": "kubernetes"}
    assert get().page.one("input", name=f"name-{item['id']}").attributes["value"] == "router"


def test_the_recents_name_the_format_of_an_item_and_its_form_is_open(
    client: Client, get: Visit, post: Visit
) -> None:
    wanted = {"kind": "pin", "format": {"as": "shadow"}}
    made = client.post(
        "/api/v1/secrets", data=json.dumps(wanted), content_type="application/json"
    ).json()

    recents = get().page.one("section", id="recents")
    opened = post("/recents/write", item=made["secrets"][0]["id"]).page

    assert "Linux" in recents.one(class_="shelf-kind").text
    (form,) = [details for details in opened.all("details") if "open" in details.attributes]
    assert form.one("form").attributes["id"] == "as-shadow"
