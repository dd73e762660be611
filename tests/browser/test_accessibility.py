"""axe-core finds nothing on any page, in either theme, in any language."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.pages import PAGES
from tests.conftest import OpenPage
from tests.live import LiveApp

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_either_theme(
    open_page: OpenPage, live_app: LiveApp, name: str, language: str
) -> None:
    page = open_page(locale=language, color_scheme="light", reduced_motion="reduce")
    PAGES[name](page, live_app.base_url)

    light = _violations(page)
    page.emulate_media(color_scheme="dark")
    dark = _violations(page)

    assert light == []
    assert dark == []


def _violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong, each with the elements at fault."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]
