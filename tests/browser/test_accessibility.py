"""axe-core finds nothing on any page, in either theme, in any language."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.pages import PAGES
from tests.conftest import OpenPage
from tests.live import LiveApp

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    open_page: OpenPage, live_app: LiveApp, name: str, language: str, theme: str
) -> None:
    page = open_page(locale=language, color_scheme=theme, reduced_motion="reduce")

    PAGES[name](page, live_app.base_url)

    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong, each with the elements at fault."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]
