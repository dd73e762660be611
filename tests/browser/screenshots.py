"""Write a picture of every page, small and large, light and dark, into ``screenshots/``.

Two of them go into the README: ``docs/images/``.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests.admin.live import SESSION_COOKIE, manage, session_of_superuser
from tests.browser.admin_pages import ADMIN_PAGES
from tests.live import LiveApp, prepare
from tests.plugin import fresh_keys

Visit = Callable[[Page, str], None]
"""Opens a page of the app at a base URL, and does what there is to do on it."""

ROOT: Final = Path(__file__).resolve().parent.parent.parent
FOLDER: Final = ROOT / "screenshots"
WIDTHS: Final = {"1280": (1280, 860), "375": (375, 740)}
THEMES: Final = ("light", "dark")
# Of the README: the page, the width, the theme.
IMAGES: Final = {
    ROOT / "docs" / "images" / "generator.png": ("passphrase", "1280", "light"),
    ROOT / "docs" / "images" / "phone.png": ("preset", "375", "dark"),
}


def take(
    browser: Browser,
    base_url: str,
    visit: Visit,
    width: str,
    theme: str,
    *,
    path: Path,
    whole: bool,
) -> None:
    """Write one picture of what *visit* opens, of the *whole* page or of what a window shows."""
    columns, rows = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": columns, "height": rows},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="pt-BR",
    )
    page = context.new_page()
    visit(page, base_url)
    page.wait_for_function("document.fonts.ready")
    page.mouse.move(0, 0)
    page.screenshot(path=path, full_page=whole)
    context.close()


def main() -> None:
    """Take the pictures of the pages named on the command line, or of all."""
    os.environ |= {"DOTENV": "", "DJANGO_SETTINGS_MODULE": "giropops.settings", **fresh_keys()}
    django.setup()
    from tests.browser.pages import PAGES  # noqa: PLC0415  # needs the app registry

    names = sys.argv[1:] or [*PAGES, *ADMIN_PAGES]
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LiveApp(template=prepare(Path(folder))) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=["--no-sandbox"]
        )
        visits = {**PAGES, **_admin_visits(app)}
        for name, width, theme in product(names, WIDTHS, THEMES):
            path = FOLDER / f"{name}-{width}-{theme}.png"
            take(browser, app.base_url, visits[name], width, theme, path=path, whole=True)
        for path, (name, width, theme) in IMAGES.items():
            if name in names:
                take(browser, app.base_url, visits[name], width, theme, path=path, whole=False)


def _admin_visits(app: LiveApp) -> dict[str, Visit]:
    """Return the visits of the admin's pages by a superuser, with some history to show."""
    for kind, count in (("characters", "30"), ("passphrase", "12"), ("pin", "7"), ("token", "20")):
        manage(app, "generate", kind, "--count", count, "--quiet")
    session = session_of_superuser(app)

    def visit(path: str, page: Page, base_url: str) -> None:
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": base_url}])
        page.goto(base_url + path)

    return {name: partial(visit, path) for name, path in ADMIN_PAGES.items()}


if __name__ == "__main__":
    main()
