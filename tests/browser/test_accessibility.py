"""axe-core finds nothing on any page, in either theme, in any language, and nothing overflows."""

import pytest

from tests.browser import axe
from tests.browser.conftest import SharedPage
from tests.browser.pages import PAGES
from tests.live import LiveApp


@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_in_either_theme_and_fits_at_any_width(
    shared_page: SharedPage, live_app: LiveApp, name: str, language: str
) -> None:
    page = shared_page(language)
    PAGES[name](page, live_app.base_url)

    violations = axe.violations(page)
    too_wide = []
    for width in (320, 375, 768, 1024, 1280, 3840):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(width)

    assert (violations, too_wide) == ([], [])
