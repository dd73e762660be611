"""Write a picture of every page, small and large, light and dark, into ``screenshots/``.

Two of them go into the README: ``docs/images/``.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import django
from playwright.sync_api import Browser, sync_playwright

from tests.live import LiveApp, prepare
from tests.plugin import fresh_keys

ROOT: Final = Path(__file__).resolve().parent.parent.parent
FOLDER: Final = ROOT / "screenshots"
WIDTHS: Final = {"1280": (1280, 860), "375": (375, 740)}
THEMES: Final = ("light", "dark")


def take(browser: Browser, base_url: str, name: str, width: str, theme: str) -> None:
    """Write one picture."""
    from tests.browser.pages import PAGES  # noqa: PLC0415  # needs the app registry

    columns, rows = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": columns, "height": rows},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="pt-BR",
    )
    page = context.new_page()
    PAGES[name](page, base_url)
    page.wait_for_function("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png", full_page=True)
    context.close()


def main() -> None:
    """Take the pictures of the pages named on the command line, or of all."""
    os.environ |= {"DOTENV": "", "DJANGO_SETTINGS_MODULE": "giropops.settings", **fresh_keys()}
    django.setup()
    from tests.browser.pages import PAGES  # noqa: PLC0415  # needs the app registry

    names = sys.argv[1:] or list(PAGES)
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LiveApp(template=prepare(Path(folder))) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name in names:
            for width in WIDTHS:
                for theme in THEMES:
                    take(browser, app.base_url, name, width, theme)


if __name__ == "__main__":
    main()
