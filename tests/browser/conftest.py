"""What the tests in a browser share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.generator import Generator

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import OpenPage
    from tests.live import LiveApp

OpenGenerator = Callable[..., Generator]


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
