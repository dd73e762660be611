"""The page draws by a pattern, and explains its letters and its faults."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from passwords.domain.patterns import DEFAULT, PLACEHOLDERS
from passwords.models import Policy
from tests.web.conftest import Visit

RANGES = {"A-Z": "[A-Z]", "a-z": "[a-z]", "0-9": "[0-9]", "a-f": "[a-f]", "A-F": "[A-F]"}


def expanded(text: str) -> str:
    """Return the characters, sorted, of a text such as ``A-Z 0-9``."""
    classes = "|".join(RANGES.get(part, f"[{re.escape(part)}]") for part in text.split())
    return "".join(sign for sign in map(chr, range(128)) if re.fullmatch(classes, sign))


def test_a_pattern_is_followed_and_stays_in_the_form_and_the_address(post: Visit) -> None:
    answer = post(kind="pattern", pattern=r"dd-\d[u^Z]")

    assert re.fullmatch(r"\d\d-d[B-DF-HJ-NP-TV-Z]", answer.secret)
    assert answer.field("pattern").attributes["value"] == r"dd-\d[u^Z]"
    query = answer.page.one(id="result").attributes["data-query"]
    assert parse_qs(query) == {"kind": ["pattern"], "pattern": [r"dd-\d[u^Z]"]}


def test_each_example_is_a_link_that_draws(get: Visit) -> None:
    links = get("/?kind=pattern").page.one(class_="examples").all("a")

    assert len(links) == 3
    for link in links:
        address = link.attributes["href"]
        answer = get(address)
        assert [answer.field("pattern").attributes["value"]] == parse_qs(urlsplit(address).query)[
            "pattern"
        ]
        assert answer.secret


def test_the_page_explains_every_letter(get: Visit) -> None:
    page = get("/?kind=pattern").page

    letters = page.one(class_="letters").one("dl", translate="no").all("div")
    assert {row.one("dt").text: expanded(row.one("dd").text) for row in letters} == {
        letter: "".join(sorted(members)) for letter, members in PLACEHOLDERS.items()
    }


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "2: “K” is no placeholder. Write “\\K” for the letter itself."),
        ("pt-br", "2: “K” não é uma letra do modelo. Escreva “\\K”"),
        ("es", "2: «K» no es una letra del patrón. Escriba «\\K»"),
    ],
)
def test_a_fault_is_explained_at_the_field(get: Visit, language: str, message: str) -> None:
    answer = get(
        "/", data={"kind": "pattern", "pattern": "UK"}, headers={"accept-language": language}
    )

    assert answer.status == 422
    assert answer.field("pattern").attributes["value"] == "UK"
    assert answer.page.one(id="e-pattern").text.partition(" ")[2].startswith(message)


def test_an_emptied_field_stands_for_the_pattern_that_it_shows(get: Visit) -> None:
    field = get("/?kind=pattern&pattern=").field("pattern")

    assert field.attributes["placeholder"] == DEFAULT


def test_a_required_strength_stays_in_the_form(get: Visit) -> None:
    assert not get("/?kind=pattern").page.all(id="f-bits")

    weak = get("/?kind=pattern&pattern=UUUU&bits=60")
    strong = get("/?kind=pattern&pattern=U{12}&measure=bits&bits=60")

    assert weak.status == 422
    assert weak.page.one(id="e-bits").text
    assert weak.page.one(id="problems").one("a").attributes["href"] == "#f-bits"
    assert strong.field("bits").attributes["value"] == "60"
    assert "bits=60" in strong.page.one(id="result").attributes["data-query"]


def test_a_policy_may_have_a_pattern(get: Visit) -> None:
    Policy.objects.create(
        slug="code", name="Code", kind="pattern", parameters={"pattern": "dd-dd", "bits": 10}
    )

    answer = get("/?policy=code")

    assert re.fullmatch(r"\d\d-\d\d", answer.secret)
    assert answer.field("pattern").attributes["value"] == "dd-dd"
