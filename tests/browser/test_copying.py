"""Copying: confirmed, cleared after a while, and possible on plain HTTP too."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.generator import Generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.conftest import StartLiveApp


def test_the_secret_is_copied_with_a_notice(generator: Generator) -> None:
    secret = generator.generate()

    generator.page.locator("#copy").click()

    expect(generator.page.locator("#toast")).to_contain_text("cleared in 30 s")
    assert generator.clipboard == secret


def test_the_clipboard_is_cleared_after_30_seconds(generator: Generator) -> None:
    generator.page.clock.install()
    generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#toast")).to_contain_text("cleared in 30 s")

    generator.page.clock.run_for(29_000)
    assert generator.clipboard == generator.secret
    generator.page.clock.run_for(1_500)

    expect(generator.page.locator("#toast")).to_contain_text("The clipboard is cleared.")
    assert generator.clipboard == ""


def test_what_was_copied_elsewhere_meanwhile_stays(generator: Generator) -> None:
    generator.page.clock.install()
    generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#toast")).to_contain_text("cleared in 30 s")
    generator.page.evaluate("navigator.clipboard.writeText('a recipe for cake')")

    generator.page.clock.run_for(31_000)

    expect(generator.page.locator("#toast")).to_contain_text("The clipboard is cleared.")
    assert generator.clipboard == "a recipe for cake"


def test_the_visitor_may_keep_it(generator: Generator) -> None:
    generator.page.clock.install()
    secret = generator.generate()
    generator.page.locator("#copy").click()

    generator.page.locator("#keep").click()
    generator.page.clock.run_for(60_000)

    assert generator.clipboard == secret


def test_a_recent_secret_is_copied_without_being_shown(generator: Generator) -> None:
    first = generator.generate()
    generator.generate()

    generator.page.locator(".shelf [data-copy]").nth(1).click()

    expect(generator.page.locator("#toast")).to_contain_text("Copied")
    assert generator.clipboard == first
    expect(generator.page.locator(".recent-value").nth(1)).to_be_hidden()


@pytest.fixture
def plain_http(browser: Browser, start_live_app: StartLiveApp) -> Iterator[Generator]:
    """The generator at a host name without HTTPS, as on a NodePort: no secure context."""
    app = start_live_app({"ALLOWED_HOSTS": "giropops.test"})
    rules = "MAP giropops.test 127.0.0.1"
    named = browser.browser_type.launch(
        executable_path=shutil.which("chromium") or "/usr/bin/chromium",
        args=["--no-sandbox", f"--host-resolver-rules={rules}"],
    )
    base_url = f"http://giropops.test:{app.port}"
    page = named.new_page(locale="en-US")
    page.goto(f"{base_url}/")
    yield Generator(page=page, base_url=base_url)
    named.close()


def test_plain_http_copies_by_the_old_command_and_says_what_it_cannot_do(
    plain_http: Generator,
) -> None:
    page = plain_http.page
    assert page.evaluate("navigator.clipboard") is None
    secret = plain_http.generate()

    page.locator("#copy").click()

    expect(page.locator("#toast")).to_contain_text("clear the clipboard yourself")
    expect(page.locator("#copy")).to_be_focused()
    page.locator(".more summary").click()
    plain_http.field("exclude").focus()
    page.keyboard.press("Control+V")
    expect(plain_http.field("exclude")).to_have_value(secret)


def test_plain_http_selects_the_secret_when_even_that_fails(plain_http: Generator) -> None:
    secret = plain_http.generate()
    plain_http.page.evaluate("document.execCommand = () => false")

    plain_http.page.locator("#copy").click()

    expect(plain_http.page.locator("#toast")).to_contain_text("Ctrl+C")
    assert plain_http.page.evaluate("String(getSelection())") == secret
