"""Each part of the page is cached in its language, and escapes visitors' text."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from passwords import domain
from passwords.models import Policy
from passwords.presentation import slots
from passwords.presentation.page_cache import PageCache, _cache_of, page_cache
from passwords.presentation.recipe_form import empty_form
from passwords.presentation.slots import SlottedTemplate
from passwords.presentation.strength import verdict
from tests.web.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

RECIPE = domain.build("characters", {"length": 20})


@pytest.fixture(autouse=True)
def _cold_cache() -> Iterator[None]:
    _cache_of.cache_clear()
    yield
    _cache_of.cache_clear()


def _page(cache: PageCache) -> SlottedTemplate:
    return cache.page(
        template="passwords/home.html",
        theme="auto",
        kind="pin",
        state="",
        presets=cache.presets(),
        chosen="",
        signed_in=False,
    )


def _filled(template: SlottedTemplate) -> str:
    return template.fill(**dict.fromkeys(template._parts[1::2], ""))


PARTS: dict[str, Callable[[PageCache], str]] = {
    "page": lambda cache: _filled(_page(cache)),
    "result": lambda cache: _filled(
        cache.result(
            verdict=verdict(RECIPE), state="draft", has_preset=True, has_public=True, is_file=True
        )
    ),
    "recents": lambda cache: _filled(cache.recents(state="empty")),
    "recent": lambda cache: _filled(
        cache.recent(kind="passphrase", format_name="env", has_public=True, is_file=True)
    ),
    "fields": lambda cache: cache.fields(empty_form("pin")),
    "strength": lambda cache: cache.strength(RECIPE),
    "presets": lambda cache: repr(cache.presets()),
    "length": lambda cache: cache.length_text(20),
    "bits": lambda cache: cache.bits_text(77.5, 1),
    "age": lambda cache: cache.age(0),
    "time left": lambda cache: cache.time_left(10),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_cached_part_is_in_the_active_language(part: str) -> None:
    render = PARTS[part]
    with translation.override("pt-br"):
        alone = render(PageCache())

    with translation.override("en"):
        english = render(page_cache())
    with translation.override("pt-br"):
        portuguese = render(page_cache())

    assert portuguese == alone
    assert portuguese != english


def test_every_cache_is_tested_in_two_languages() -> None:
    assert len(vars(PageCache())) == len(PARTS)


def test_a_visitor_gets_no_other_visitors_language(client: Client) -> None:
    languages = ("en", "es", "pt-br")

    def visit(language: str) -> list[str]:
        headers = {"accept-language": language}
        pages = [
            read(client.get(f"/?kind={kind}", headers=headers)).page for kind in domain.RECIPES
        ]
        return [page.one("html").attributes["lang"] for page in pages] + [
            page.one("main").text.replace(page.one(id="secret").text, "") for page in pages
        ]

    warm = {language: visit(language) for language in languages}
    again = {language: visit(language) for language in reversed(languages)}

    assert warm == again
    assert [set(warm[language][:4]) for language in languages] == [{"en"}, {"es"}, {"pt-br"}]
    assert len({tuple(texts) for texts in warm.values()}) == len(languages)


@pytest.mark.parametrize(
    "name",
    [
        "\ufdd0csrf_token\ufdd0",
        "\ufdd0 x \ufdd0",
        "[csrf_token]",
        "<b>{{ csrf_token }}</b>",
        "%(x)s",
    ],
)
def test_a_policys_name_is_never_a_slot_or_markup(client: Client, name: str) -> None:
    Policy.objects.create(slug="own", name=name, kind="pin", parameters={})

    response = client.get("/")

    assert response.status_code == 200
    assert read(response).page.one("button", value="own").text == name.strip()


def test_a_slots_marker_cannot_be_guessed() -> None:
    assert len(slots._MARKER) == 32
    assert slots._MARKER not in _filled(_page(page_cache()))


def test_a_long_text_is_no_key_of_a_cache() -> None:
    form = empty_form("token")
    cache = page_cache()

    cache.fields(type(form)(kind=form.kind, values={**form.values, "bits": "9" * 501}))

    assert cache._fields.cache_info().currsize == 0
