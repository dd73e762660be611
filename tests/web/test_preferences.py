"""Language and theme: chosen by the browser, changed by the visitor, remembered in a cookie."""

import pytest
from django.test import Client

from tests.web.conftest import Visit

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("pt", "pt-br"),
        ("en-GB,en;q=0.9", "en"),
        ("es-MX", "es"),
        ("de, fr", "pt-br"),
        ("", "pt-br"),
    ],
)
def test_the_language_is_the_browsers_or_portuguese(
    get: Visit, accepted: str, language: str
) -> None:
    answer = get(headers={"accept-language": accepted})

    assert answer.page.one("html").attributes["lang"] == language
    assert answer.headers["Content-Language"] == language


def test_a_chosen_language_is_kept_with_the_recipe(get: Visit, post: Visit) -> None:
    answer = post("/preferences", language="es", query="kind=pin&length=8")

    assert answer.status == 303
    assert answer.headers["Location"] == "/?kind=pin&length=8"
    assert get().page.one("html").attributes["lang"] == "es"


def test_a_chosen_theme_is_kept(get: Visit, post: Visit) -> None:
    post("/preferences", theme="dark")

    answer = get()

    assert answer.page.one("html").attributes["data-theme"] == "dark"
    assert answer.page.one("button", name="theme", value="dark").has("aria-pressed", "true")


def test_pages_of_problems_keep_the_theme(get: Visit, post: Visit) -> None:
    post("/preferences", theme="light")

    assert get("/nothing-here").page.one("html").attributes["data-theme"] == "light"


def test_an_invalid_language_or_theme_is_not_kept(client: Client) -> None:
    client.post("/preferences", {"language": "tlh", "theme": "neon"})

    assert not client.cookies


def test_an_invalid_theme_in_a_cookie_is_ignored(client: Client, get: Visit) -> None:
    client.cookies["giropops_theme"] = "<script>"

    assert get().page.one("html").attributes["data-theme"] == "auto"


def test_a_seeded_preset_is_translated_and_another_policy_is_not(get: Visit) -> None:
    answer = get(headers={"accept-language": "es"})

    assert answer.page.one("button", value="pin").text == "PIN de 6 dígitos"
