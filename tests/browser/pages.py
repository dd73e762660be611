"""Every page there is, by a name: how a browser gets to each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from tests.browser import problem_pages
from tests.browser.problem_pages import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page


def _home(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/")


def _kind(kind: str) -> Callable[[Page, str], None]:
    def visit(page: Page, base_url: str) -> None:
        page.goto(f"{base_url}/?kind={kind}")
        page.wait_for_selector("#secret:not(:empty)")

    return visit


def _preset(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/")
    page.locator("#preset-memorable-passphrase").click()
    page.wait_for_selector("#secret:not(:empty)")


def _recents(page: Page, base_url: str) -> None:
    for kind in ("pin", "token", "passphrase", "characters"):
        _kind(kind)(page, base_url)
        page.locator("#keep-secret").click()
        page.wait_for_selector("#keep-secret", state="detached")
    page.locator(".shelf summary").first.click()
    page.locator(".clear summary").click()
    page.locator(".formula summary").click()


def _copied(page: Page, base_url: str) -> None:
    _kind("passphrase")(page, base_url)
    page.locator("#copy").click()
    page.wait_for_selector("#clipboard:visible")


def _invalid(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/")
    page.locator("#f-length").fill("2")
    page.locator("#generate").click()
    page.wait_for_selector("#problems")


def _more(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/")
    page.locator(".more summary").click()


def _shortcuts(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/")
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")


def _qr_code(page: Page, base_url: str) -> None:
    _kind("passphrase")(page, base_url)
    page.locator("#show-qr").click()
    page.wait_for_selector("svg.qr")


def _read_aloud(page: Page, base_url: str) -> None:
    _kind("characters")(page, base_url)
    page.locator("#read-aloud").click()
    page.locator("#network").fill("Casa da Ana")
    page.locator(".wifi button").click()
    page.wait_for_selector(".card svg.qr")


def _write_as(page: Page, base_url: str) -> None:
    _kind("characters")(page, base_url)
    page.locator("#write-as").click()
    page.locator("summary", has_text="htpasswd").click()
    page.locator("#f-htpasswd-user").fill("ana")
    page.locator("#as-htpasswd button").click()
    page.wait_for_selector("#text")
    page.locator("summary", has_text="Kubernetes").click()


def _hand_over(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/share")


def _handed_over(page: Page, base_url: str) -> None:
    _hand_over(page, base_url)
    page.locator("#f-text").fill("a text to hand over")
    page.locator("#share button").click()
    page.wait_for_selector("#result:visible")
    page.locator("#result summary").first.click()


def _received(page: Page, base_url: str) -> None:
    _handed_over(page, base_url)
    link, passphrase = (
        page.locator(f"#made-{name}").text_content() or "" for name in ("link", "passphrase")
    )
    page.goto(link)
    page.locator("#f-passphrase").fill(passphrase)
    page.locator("#open-link button").click()
    page.wait_for_selector("#result:visible")


def _link(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/s")


def _links(page: Page, base_url: str) -> None:
    _received(page, base_url)
    _handed_over(page, base_url)
    page.goto(f"{base_url}/shares")


def _contract(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/")
    page.locator("footer a").click()
    for summary in page.locator("summary").all():
        summary.click()


def _missing(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/nothing-here")


def _wrong_method(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/recents/clear")


PAGES: Final[Mapping[str, Callable[[Page, str], None]]] = {
    "home": _home,
    "characters": _kind("characters"),
    "passphrase": _kind("passphrase"),
    "pin": _kind("pin"),
    "token": _kind("token"),
    "pattern": _kind("pattern"),
    "preset": _preset,
    "recents": _recents,
    "copied": _copied,
    "invalid": _invalid,
    "more-rules": _more,
    "shortcuts": _shortcuts,
    "qr-code": _qr_code,
    "read-aloud": _read_aloud,
    "write-as": _write_as,
    "hand-over": _hand_over,
    "handed-over": _handed_over,
    "one-time-link": _link,
    "received": _received,
    "my-links": _links,
    "api": _contract,
    "404": _missing,
    "405": _wrong_method,
    **{str(status.value): partial(problem_pages.show, status=status) for status in STATUSES},
}
"""The pages by name; each is for a visitor without cookies."""
