"""What the tests in a browser share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.generator import Generator
from tests.conftest import opening_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.conftest import OpenPage
    from tests.live import LiveApp

OpenGenerator = Callable[..., Generator]
SharedPage = Callable[[str], "Page"]


@pytest.fixture
def open_generator(live_app: LiveApp, open_page: OpenPage) -> OpenGenerator:
    """Open the generator in a browser of its own, to which the arguments go."""

    def open_one(path: str = "/", **options: object) -> Generator:
        page: Page = open_page(**{"locale": "en-US", **options})
        page.goto(f"{live_app.base_url}{path}")
        return Generator(page=page, base_url=live_app.base_url)

    return open_one


@pytest.fixture
def generator(open_generator: OpenGenerator) -> Generator:
    """The generator in English, in a browser that may read its clipboard."""
    return open_generator(permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[SharedPage]:
    """Give the page of a language, as for a new visitor with a wide window in the light theme.

    The tests of a module share it: in its process axe-core is compiled already, which otherwise
    takes half of the test. Errors on the page fail the last test.
    """
    with opening_pages(browser) as open_one:
        pages: dict[str, Page] = {}

        def new_visitor(language: str) -> Page:
            if language not in pages:
                pages[language] = open_one(locale=language, reduced_motion="reduce")
            page = pages[language]
            if page.url != "about:blank":
                page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.context.clear_cookies()
            page.set_viewport_size({"width": 1280, "height": 860})
            page.emulate_media(color_scheme="light")
            return page

        yield new_visitor
