"""`/api/` shows a person everything that the contract says, whoever is asking."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import Settings

from passwords.api import views
from passwords.presentation.contract_page import KEYWORDS
from tests.api.clients import OPENAPI, errors, make_client
from tests.api.test_contract import CONTRACT
from tests.web.reading import Element, parse

PAGE: Final = "/api/"
OPERATIONS: Final = [
    (method.upper(), path, operation)
    for path, methods in CONTRACT["paths"].items()
    for method, operation in methods.items()
]


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    views._contract_html.cache_clear()
    yield
    views._contract_html.cache_clear()


@pytest.fixture
def client() -> Client:
    return make_client()


@pytest.fixture
def page(client: Client) -> Element:
    return read(client)


def read(client: Client, language: str = "en") -> Element:
    answer = client.get(PAGE, headers={"accept-language": language})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    return parse(answer.content.decode())


def schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield the schema and those in it."""
    yield schema
    children = [*schema.get("properties", {}).values(), *schema.get("oneOf", ())]
    children += [schema[name] for name in ("items", "additionalProperties") if schema.get(name)]
    for child in children:
        yield from schemas(child)


EVERY_SCHEMA: Final = [
    found for schema in CONTRACT["components"]["schemas"].values() for found in schemas(schema)
]


def words(text: str) -> str:
    """Return *text* as it is on the page, without the marks of code."""
    return " ".join(text.replace("`", "").split())


def test_every_operation_has_its_parts(page: Element) -> None:
    articles = {article.one("h3").text: article for article in page.all("article")}

    assert articles.keys() >= {f"{method} {path}" for method, path, _operation in OPERATIONS}
    for method, path, operation in OPERATIONS:
        article = articles[f"{method} {path}"]
        codes = {code.text for code in article.all("code")}
        assert article.one("h3").attributes["id"] == operation["operationId"]
        assert page.one("a", href=f"#{operation['operationId']}").text == f"{method} {path}"
        assert codes >= operation["responses"].keys()
        scopes = {
            scope
            for alternative in operation.get("security", ())
            for scope in alternative.get("token", ())
        }
        assert codes >= scopes
        assert ("Never needs a token." in article.text) is ("security" not in operation)
        requests = [code.text for code in article.all("code") if code.text.startswith(f"{method} ")]
        assert len(requests) == 1 + max(1, len(_examples(operation)))
        for example in _examples(operation):
            assert any(json.loads(found.split("\n\n")[1]) == example for found in requests[1:])


def _examples(operation: dict[str, Any]) -> list[Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return [example["value"] for body in content.values() for example in body["examples"].values()]


def test_every_text_of_the_contract_is_there_and_marked_as_english(page: Element) -> None:
    texts = {schema["description"] for schema in EVERY_SCHEMA if "description" in schema}
    for _method, _path, operation in OPERATIONS:
        texts |= {operation["summary"], operation.get("description", "")}
        texts |= {answer.get("description", "") for answer in operation["responses"].values()}
    components = CONTRACT["components"]
    for part in ("securitySchemes", "responses"):
        texts |= {found["description"] for found in components[part].values()}
    shown = words(" ".join(element.text for element in page.all(lang="en")))

    assert [text for text in texts if words(text) not in shown] == []


def test_every_member_has_its_type_range_and_default(page: Element) -> None:
    recipe, *_other_kinds = page.one(id="createSecrets-body").all("details")
    facts = {member.one("dt").text: member for member in recipe.all("div", class_="member")}

    def kind(name: str) -> str:
        return words(facts[name].one("dd", class_="kind").text)

    assert kind("length") == "integer · 4\u2013256 · default 20"
    assert kind("symbols") == "boolean | string · default true"
    assert kind("share") == "object · ShareOptions"
    assert kind("format") == "object · Format"
    assert {link.attributes["href"] for link in recipe.all("a")} == {"#ShareOptions", "#Format"}


def test_every_name_and_choice_is_there_and_every_link_leads_somewhere(page: Element) -> None:
    names = {found.text.rpartition(".")[2] for found in page.all("dt")}
    codes = {found.text for found in page.all("code")}
    ids = [found.attributes["id"] for found in page.walk() if "id" in found.attributes]

    for schema in EVERY_SCHEMA:
        assert names >= schema.get("properties", {}).keys()
        assert codes >= {json.dumps(choice) for choice in schema.get("enum", ())}
    assert len(ids) == len(set(ids))
    links = {link.attributes["href"] for link in page.all("a")}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_the_page_knows_every_keyword_of_the_contract() -> None:
    assert {keyword for schema in EVERY_SCHEMA for keyword in schema} <= KEYWORDS


@pytest.mark.parametrize(
    ("language", "title"), [("en", "The API"), ("pt-BR", "A API"), ("es", "La API")]
)
def test_headings_are_in_the_visitors_language(client: Client, language: str, title: str) -> None:
    for _first_and_cached in range(2):
        page = read(client, language)

        assert page.one("h1").text == title
        assert page.one("html").attributes["lang"].startswith(language[:2])
        assert page.one(id="createSecrets").text == "POST /api/v1/secrets"


def test_the_contract_is_rendered_once_without_the_database(client: Client) -> None:
    first, second = read(client), read(client)

    assert (first.text, views._contract_html.cache_info().hits) == (second.text, 1)


def test_the_page_has_no_script_and_its_style_is_ours(page: Element) -> None:
    assert page.all("script") == []
    sheets = [link.attributes["href"] for link in page.all("link", rel="stylesheet")]
    assert all(sheet.startswith("/static/passwords/") for sheet in sheets)


def test_a_closed_api_can_still_be_read_about(client: Client, settings: Settings) -> None:
    opened = read(client)
    settings.API_REQUIRES_TOKEN = True
    closed = read(client)

    assert (len(opened.all("a", href=OPENAPI)), opened.all(class_="banner")) == (1, [])
    assert "only with a token" in closed.one(class_="banner").text
    assert closed.all("a", href=OPENAPI) == []
    assert list(errors(client.get(OPENAPI), 401)) == ["token"]


def test_paths_have_the_prefix(client: Client, settings: Settings) -> None:
    settings.URL_PREFIX = "/senhas"

    page = read(client)

    assert page.one(id="listRecents").text == "GET /senhas/api/v1/recents"


@pytest.mark.django_db
def test_every_page_leads_there(client: Client) -> None:
    for path in ("/", "/share", "/nothing-here", PAGE):
        footer = parse(client.get(path).content.decode()).one("footer")

        assert footer.one("a").attributes["href"] == PAGE
