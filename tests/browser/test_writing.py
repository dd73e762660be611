"""A secret is written in a format with the keyboard alone, with and without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenGenerator
from tests.browser.generator import Generator


def _write(generator: Generator) -> str:
    """Write the secret as a Secret of Kubernetes; return the text."""
    page = generator.page
    page.locator("#write-as").press("Enter")
    page.locator("summary", has_text="Kubernetes").press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#f-kubernetes-name")).to_be_focused()
    page.keyboard.type("Not a name")
    page.keyboard.press("Enter")
    expect(page.locator("#e-kubernetes-name")).to_be_visible()
    page.locator("#f-kubernetes-name").fill("db")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_contain_text("kind: Secret")
    return page.locator("#text").text_content() or ""


def test_the_text_is_copied_and_leaves_with_the_page(generator: Generator) -> None:
    urls: list[str] = []
    generator.page.on("request", lambda request: urls.append(request.url))
    secret = generator.secret

    text = _write(generator)
    generator.page.locator("[data-copy=text]").press("Enter")

    expect(generator.page.locator("#clipboard")).to_be_visible()
    assert generator.page.evaluate("navigator.clipboard.readText()") == text
    assert secret not in "".join(urls)
    generator.page.wait_for_load_state()  # the scripts have run
    generator.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(generator.page.locator("main")).to_be_empty()
    generator.page.goto(f"{generator.base_url}/")
    assert generator.recents == [secret]


def test_without_scripts_the_same_page_serves(open_generator: OpenGenerator) -> None:
    plain = open_generator(java_script_enabled=False)
    secret = plain.secret

    text = _write(plain)

    expect(plain.page.locator("[data-copy=text]")).to_be_hidden()
    assert text.startswith("apiVersion: v1")
    plain.page.goto(f"{plain.base_url}/")
    assert plain.recents == [secret]
