"""axe-core, which finds what makes a page inaccessible."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SOURCE: Final = (Path(__file__).parent.parent / "vendor/axe-core/axe.min.js").read_text("utf-8")
# To look into Django's imported style sheets it would need inline styles, which are refused.
_OPTIONS: Final = {"preload": False, "resultTypes": ["violations"]}
_RULES_OF_COLOURS: Final = ["color-contrast", "link-in-text-block"]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds in the light and in the dark theme, with the elements at fault.

    The themes have the same elements and differ in colours, so in the dark one the other rules
    would find the same again.
    """
    if page.evaluate("!window.axe"):
        page.evaluate(_SOURCE)
    page.emulate_media(color_scheme="light")
    found = _run(page, **_OPTIONS)
    page.emulate_media(color_scheme="dark")
    return found + _run(page, **_OPTIONS, runOnly=_RULES_OF_COLOURS)


def _run(page: Page, **options: Any) -> list[str]:
    result = page.evaluate("(options) => axe.run(options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
        for violation in result["violations"]
    ]
