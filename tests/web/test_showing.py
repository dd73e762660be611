"""What is shown of a secret: highlighted, complete, safe as HTML, and in no cache."""

import html
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from passwords.models import Policy
from passwords.presentation.highlight import highlight
from passwords.presentation.qr_code import qr_code
from passwords.presentation.slots import SlottedTemplate
from tests.web.conftest import Visit
from tests.web.reading import parse

pytestmark = pytest.mark.any_database


@given(secret=st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_the_text_of_the_highlighted_secret_is_the_secret(secret: str) -> None:
    assert parse(highlight(secret)).text == secret


def test_digits_and_symbols_are_highlighted_in_runs() -> None:
    assert highlight("ab12<&c") == 'ab<b class="d">12</b><b class="s">&lt;&amp;</b>c'


def test_a_slot_escapes_what_is_no_html() -> None:
    template = SlottedTemplate("passwords/qr.html", {"request": None}, slots=("code",))

    assert "<script>" not in template.fill(code="<script>")
    assert html.escape("<script>") in template.fill(code="<script>")


def test_a_template_keeps_nothing_of_what_filled_it() -> None:
    template = SlottedTemplate("passwords/qr.html", {"request": None}, slots=("code",))
    template.fill(code="first secret")

    assert "first secret" not in template.fill(code="second secret")


def test_the_qr_code_is_an_svg_without_styles() -> None:
    drawing = qr_code("a secret")

    assert drawing.startswith("<svg")
    assert "style" not in drawing
    assert "secret" not in re.sub(r"<title>.*?</title>", "", drawing)


def test_the_longest_secret_fits_a_qr_code() -> None:
    assert "<svg" in qr_code("f" * 2048)


def test_a_recent_secret_is_shown_as_a_qr_code_to_its_owner_alone(
    post: Visit, client: Client
) -> None:
    answer = post(kind="pin")
    item = answer.page.one("form", id="held").one(name="item").attributes["value"]

    own = post("/recents/qr", item=item)
    foreign = Client().post("/recents/qr", {"item": item})

    assert own.page.one("svg", class_="qr").all("path")
    assert foreign.status_code == 404
    assert client.get("/recents/qr").status_code == 405


def test_a_script_gets_the_parts_alone_and_no_error_status(client: Client) -> None:
    response = client.post("/", {"kind": "pin", "length": "99"}, headers={"x-parts": "1"})

    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert parse(response.content.decode()).one(id="problems").text


def test_a_policys_own_name_is_shown_as_it_was_written(get: Visit) -> None:
    Policy.objects.create(slug="own", name="<b>Nossa</b>", kind="pin", parameters={})

    assert get().page.one("button", value="own").text == "<b>Nossa</b>"


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        (
            {"digits": "off", "uppercase": "off", "lowercase": "off", "symbols": "off"},
            "classes",
            "at least one",
        ),
        ({"symbols": "on", "symbol_set": "é"}, "symbol_set", "only these characters"),
        ({"exclude": "0123456789"}, "exclude", "“Minimum digits”"),
        ({"measure": "bits", "bits": "2048"}, "bits", "“Length”"),
    ],
)
def test_an_error_speaks_of_the_fields_as_the_page_calls_them(
    client: Client, values: dict[str, str], field: str, text: str
) -> None:
    response = client.post("/", {"kind": "characters", **values}, headers={"accept-language": "en"})

    page = parse(response.content.decode())
    assert response.status_code == 422
    assert text in page.one(id=f"e-{field}").text


@pytest.mark.parametrize(
    ("language", "wordlist"), [("pt-br", "pt-br"), ("en", "eff-large"), ("es", "es")]
)
def test_the_words_of_a_new_passphrase_are_in_the_visitors_language(
    get: Visit, language: str, wordlist: str
) -> None:
    form = get("/?kind=passphrase", headers={"accept-language": language})

    (chosen,) = form.field("wordlist").all("option", selected="")
    assert chosen.attributes["value"] == wordlist


def test_the_form_shows_more_rules_of_passphrases_that_are_used(get: Visit) -> None:
    closed = get("/?kind=passphrase").page.one("details", class_="more")
    answer = get("/?kind=passphrase&separators=_-&separator=.&insert_digits=2&capitalize=random")

    assert "open" not in closed.attributes
    assert "open" in answer.page.one("details", class_="more").attributes
    assert answer.field("insert_digits").attributes["value"] == "2"
    assert re.fullmatch(r"([A-Za-z]+[0-9]*[_-]){5}[A-Za-z]+[0-9]*", answer.secret)
    assert sum(map(str.isdigit, answer.secret)) == 2


def test_more_rules_that_contradict_each_other_are_named_by_their_labels(get: Visit) -> None:
    both = get("/?kind=passphrase&insert=digit&insert_digits=2", headers={"accept-language": "en"})
    one = get("/?kind=passphrase&separators=_", headers={"accept-language": "en"})

    assert both.page.one(id="e-insert").text == "must be left out beside “Random digits”"
    assert one.page.one(id="e-separators").text == "must have at least 2 different characters"
