"""A secret joins the recent secrets when somebody uses it, and not before."""

from playwright.sync_api import Browser, expect

from tests.browser.generator import Generator
from tests.live import LiveApp


def test_a_secret_that_nobody_uses_is_not_kept(generator: Generator) -> None:
    generator.generate()
    generator.generate()

    generator.page.reload()

    assert generator.recents == []


def test_one_press_of_copy_copies_and_keeps(generator: Generator) -> None:
    secret = generator.secret

    generator.page.locator("#copy").click()

    expect(generator.page.locator(".recent-value")).to_have_text(secret)
    assert generator.clipboard == secret
    generator.page.locator("#copy").click()
    generator.page.reload()
    assert generator.recents == [secret]


def test_selecting_and_copying_keeps(generator: Generator) -> None:
    secret = generator.secret

    generator.page.evaluate("getSelection().selectAllChildren(document.querySelector('#secret'))")
    generator.page.keyboard.press("Control+C")

    expect(generator.page.locator(".recent-value")).to_have_text(secret)
    assert generator.clipboard == secret


def test_copying_something_else_keeps_nothing(generator: Generator) -> None:
    generator.page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('#recipe-title'))"
    )
    generator.page.keyboard.press("Control+C")
    generator.page.reload()

    assert generator.recents == []


def test_the_qr_code_keeps(generator: Generator) -> None:
    secret = generator.secret

    generator.page.locator("#show-qr").click()

    expect(generator.page.locator("#qr svg.qr")).to_be_visible()
    expect(generator.page.locator(".recent-value")).to_have_text(secret)
    generator.page.keyboard.press("Escape")
    generator.page.locator("#show-qr").click()
    expect(generator.page.locator("#qr svg.qr")).to_be_visible()
    generator.page.reload()
    assert generator.recents == [secret]


def test_the_button_keeps_and_goes(generator: Generator) -> None:
    secret = generator.keep()

    expect(generator.page.locator("#keep-secret")).to_have_count(0)
    assert generator.secret == secret
    assert generator.generate() != secret
    expect(generator.page.locator("#keep-secret")).to_be_visible()


def test_a_page_that_is_left_right_after_copying_has_kept(generator: Generator) -> None:
    secret = generator.secret

    generator.page.evaluate(
        """() => {
            document.addEventListener("giropops:copied", () => location.assign("/?kind=pin"));
            document.querySelector("#copy").click();
        }"""
    )

    generator.page.wait_for_url("**/?kind=pin")
    generator.page.wait_for_timeout(300)
    generator.page.reload()
    assert generator.recents == [secret]


def test_what_is_unfolded_stays_so(generator: Generator) -> None:
    generator.generate_and_keep()
    generator.page.locator(".shelf summary").click()

    generator.generate_and_keep()

    expect(generator.page.locator(".recent-value").nth(0)).to_be_hidden()
    expect(generator.page.locator(".recent-value").nth(1)).to_be_visible()


def test_a_secret_that_was_copied_while_the_recipe_changed_is_kept(generator: Generator) -> None:
    secret = generator.secret

    generator.page.evaluate(
        """() => {
            const slider = document.querySelector(".by-size .slider");
            slider.value = 40;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            document.querySelector("#copy").click();
        }"""
    )

    expect(generator.page.locator(".recent-value")).to_have_text(secret)
    assert len(generator.next_secret(secret)) == 40
    expect(generator.page.locator("#keep-secret")).to_be_visible()


def test_a_draft_that_is_too_old_is_reported(browser: Browser, live_app: LiveApp) -> None:
    with browser.new_page(locale="en-US") as page:  # Chromium writes the status to its console
        page.goto(f"{live_app.base_url}/")
        page.evaluate("document.querySelector('#held input').value = 'x'")

        page.locator("#keep-secret").click()

        expect(page.locator("#toast")).to_contain_text("too long ago")
        expect(page.locator(".recent-value")).to_have_count(0)
