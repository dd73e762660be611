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

    from tests.browser.conftest import OpenGenerator
    from tests.conftest import StartLiveApp


CLEARING = "After 30 s, your next click or key press here clears the clipboard."
CLEARED = "The clipboard no longer holds the secret."
YOURSELF = "The clipboard may still hold the secret: clear it after pasting."


def test_the_secret_is_copied_with_a_notice(generator: Generator) -> None:
    secret = generator.generate()

    generator.page.locator("#copy").click()

    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)
    assert generator.clipboard == secret


def test_a_key_pair_is_copied_half_by_half_and_only_the_private_one_is_cleared(
    generator: Generator,
) -> None:
    generator.page.goto(f"{generator.base_url}/?kind=token&encoding=ssh-ed25519")
    secret = generator.secret

    generator.page.locator("#copy").click()

    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)
    assert generator.clipboard == secret
    assert secret.endswith("-----END OPENSSH PRIVATE KEY-----\n")
    generator.page.locator("[data-copy=public]").click()
    expect(generator.page.locator("#clipboard .message-text")).to_have_text("Copied.")
    assert generator.clipboard == generator.page.locator("#public").inner_text()
    expect(generator.page.locator(".recent-value")).to_have_count(1)
    # Another kind of secret has none.
    generator.page.locator("#f-encoding").select_option("age")
    expect(generator.page.locator("#public")).to_contain_text("age1")
    generator.page.locator("#f-encoding").select_option("hex")
    expect(generator.page.locator("#public")).to_have_count(0)


def test_the_clipboard_is_cleared_after_30_seconds_by_a_page_that_may_read_it(
    generator: Generator,
) -> None:
    generator.page.clock.install()
    secret = generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)

    generator.page.clock.run_for(29_000)
    assert generator.clipboard == secret
    generator.page.clock.run_for(1_500)

    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARED)
    assert generator.clipboard == ""


def test_what_was_copied_elsewhere_meanwhile_stays(generator: Generator) -> None:
    generator.page.clock.install()
    generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)
    generator.page.evaluate("navigator.clipboard.writeText('a recipe for cake')")

    generator.page.clock.run_for(31_000)

    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARED)
    assert generator.clipboard == "a recipe for cake"


def test_without_a_permission_the_next_key_press_after_the_time_clears_the_clipboard(
    open_generator: OpenGenerator,
) -> None:
    generator = open_generator()
    secret = generator.generate()
    # Chromium counts a click as one for 5 s.
    generator.page.locator("#clipboard").evaluate("(notice) => notice.dataset.seconds = 6")
    generator.page.locator("#copy").click()
    generator.page.wait_for_timeout(7_000)
    expect(generator.page.locator("#clipboard")).not_to_contain_text(CLEARED)
    assert _paste(generator) == secret

    generator.page.keyboard.press("x")

    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARED)
    assert _paste(generator) == ""


@pytest.mark.parametrize("event", ["blur", "visibilitychange", "contextmenu", "copy", "cut"])
def test_without_a_permission_nothing_is_cleared_that_may_be_something_else(
    open_generator: OpenGenerator, event: str
) -> None:
    generator = open_generator()
    generator.page.clock.install()
    secret = generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)

    generator.page.evaluate("(type) => dispatchEvent(new Event(type))", event)
    generator.page.clock.run_for(31_000)
    generator.page.keyboard.press("x")

    expect(generator.page.locator("#clipboard")).to_contain_text(YOURSELF)
    assert _paste(generator) == secret
    generator.page.locator("#clear-now").click()
    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARED)
    assert _paste(generator) == ""


def test_a_new_copy_after_the_time_stays(generator: Generator) -> None:
    generator.page.clock.install()
    generator.generate()
    generator.page.context.clear_permissions()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)
    generator.page.evaluate(
        "() => { navigator.clipboard.writeText = async () => { throw Error(); }; }"
    )
    generator.page.clock.run_for(31_000)
    generator.page.evaluate("() => delete navigator.clipboard.writeText")

    generator.page.locator("#copy").click()

    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)
    assert _paste(generator) == generator.secret


def test_the_visitor_may_keep_it(generator: Generator) -> None:
    generator.page.clock.install()
    secret = generator.generate()
    generator.page.locator("#copy").click()

    generator.page.locator("#keep").click()
    generator.page.clock.run_for(60_000)

    expect(generator.page.locator("#clipboard")).to_contain_text("will not be cleared")
    expect(generator.page.locator("#clipboard button:visible")).to_be_focused()
    assert generator.clipboard == secret


def test_a_page_that_is_left_waits_no_longer(generator: Generator) -> None:
    generator.page.clock.install()
    secret = generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_contain_text(CLEARING)

    generator.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    generator.page.clock.run_for(60_000)

    assert generator.clipboard == secret


def test_the_notice_is_closed_and_the_focus_returns(generator: Generator) -> None:
    generator.generate()
    generator.page.locator("#copy").click()

    generator.page.locator("#clipboard").get_by_role("button", name="Close").click()

    expect(generator.page.locator("#clipboard")).to_be_hidden()
    expect(generator.page.locator("#copy")).to_be_focused()


def test_the_notice_goes_when_another_secret_is_shown(generator: Generator) -> None:
    generator.generate()
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_be_visible()

    generator.generate()

    expect(generator.page.locator("#clipboard")).to_be_hidden()


@pytest.mark.parametrize("size", [(320, 568), (568, 320)])
def test_the_notice_covers_no_control(open_generator: OpenGenerator, size: tuple[int, int]) -> None:
    width, height = size
    generator = open_generator(viewport={"width": width, "height": height})
    generator.generate_and_keep()
    generator.page.locator(".clear summary").click()

    generator.page.locator("#copy").click()

    expect(generator.page.locator("#clipboard")).to_be_visible()
    for control in generator.page.locator("main :is(button, summary):visible").all():
        control.click(trial=True)
        assert control.evaluate(
            "(control) => { const box = control.getBoundingClientRect();"
            " return control.contains(document.elementFromPoint("
            "box.x + box.width / 2, box.y + box.height / 2)); }"
        )


def test_a_recent_secret_is_copied_without_being_shown(generator: Generator) -> None:
    first = generator.generate_and_keep()
    generator.generate_and_keep()

    generator.page.locator(".shelf [data-copy]").nth(1).click()

    expect(generator.page.locator(".shelf li").nth(1)).to_contain_text(CLEARING)
    assert generator.clipboard == first
    expect(generator.page.locator(".recent-value").nth(1)).to_be_hidden()


def test_other_scripts_get_an_event_with_what_was_copied(generator: Generator) -> None:
    generator.generate()
    generator.page.evaluate(
        "document.addEventListener('giropops:copied',"
        " (event) => { window.copied = event.detail.source.id; })"
    )

    generator.page.locator("#copy").click()

    generator.page.wait_for_function("window.copied === 'secret'")


def _paste(generator: Generator) -> str:
    """Return what Ctrl+V pastes: a page without the permission cannot read the clipboard."""
    field = generator.page.evaluate_handle(
        "document.body.appendChild(document.createElement('input'))"
    )
    field.evaluate("(field) => field.focus()")
    generator.page.keyboard.press("Control+V")
    return str(field.evaluate("(field) => { field.remove(); return field.value; }"))


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

    expect(page.locator("#clipboard")).to_contain_text("clear it yourself")
    expect(page.locator("#copy")).to_be_focused()
    page.locator(".more summary").click()
    plain_http.field("exclude").focus()
    page.keyboard.press("Control+V")
    expect(plain_http.field("exclude")).to_have_value(secret)


def test_plain_http_selects_the_secret_when_even_that_fails(plain_http: Generator) -> None:
    secret = plain_http.generate()
    plain_http.page.evaluate("document.execCommand = () => false")

    plain_http.page.locator("#copy").click()

    expect(plain_http.page.locator("#clipboard")).to_contain_text("Ctrl+C")
    assert plain_http.page.evaluate("String(getSelection())") == secret
