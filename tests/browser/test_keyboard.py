"""Everything by keyboard alone."""

from playwright.sync_api import expect

from tests.browser.generator import Generator


def test_the_single_keys_do_what_the_list_says(generator: Generator) -> None:
    press = generator.page.keyboard.press

    press("2")
    expect(generator.page.locator("#kind-passphrase")).to_have_attribute("aria-current", "page")
    before = generator.secret
    press("g")
    secret = generator.next_secret(before)
    press("c")
    expect(generator.page.locator("#clipboard")).to_contain_text("Copied")
    assert generator.clipboard == secret
    press("h")
    expect(generator.page.locator("#secret")).to_be_hidden()
    press("q")
    expect(generator.page.locator("#qr")).to_be_visible()
    press("Escape")
    expect(generator.page.locator("#qr")).to_be_hidden()
    press("?")
    expect(generator.page.locator("#help")).to_be_visible()


def test_keys_that_are_typed_into_a_field_are_text(generator: Generator) -> None:
    generator.page.locator(".more summary").click()
    generator.field("exclude").focus()

    generator.page.keyboard.type("g1?")

    expect(generator.field("exclude")).to_have_value("g1?")
    expect(generator.page.locator("#help")).to_be_hidden()
    expect(generator.page.locator("#kind-characters")).to_have_attribute("aria-current", "page")


def test_the_shortcuts_can_be_switched_off_for_good(generator: Generator) -> None:
    generator.page.keyboard.press("?")
    generator.page.locator("#shortcuts").uncheck()
    generator.page.keyboard.press("Escape")
    generator.page.reload()

    generator.page.keyboard.press("?")

    expect(generator.page.locator("#help")).to_be_hidden()


def test_the_tab_key_reaches_every_control_and_each_shows_its_focus(generator: Generator) -> None:
    generator.generate()
    generator.page.evaluate("document.activeElement.blur()")
    wanted = generator.page.evaluate(
        "[...document.querySelectorAll('a, button, input, select, summary')].filter((control) =>"
        " control.checkVisibility() && !control.disabled && control.type !== 'hidden'"
        " && !(control.type === 'radio' && !control.checked)).length"
    )
    reached = set()

    for _ in range(wanted + 5):
        generator.page.keyboard.press("Tab")
        reached.add(
            generator.page.evaluate(
                "(() => { const now = document.activeElement; if (now === document.body)"
                " return null; now.dataset.reached ??= Math.random();"
                " const outlined = now.matches('.segments input') ? now.nextElementSibling : now;"
                " return getComputedStyle(outlined).outlineStyle === 'none'"
                " ? `unseen: ${now.outerHTML}` : now.dataset.reached; })()"
            )
        )

    reached.discard(None)
    assert [name for name in reached if name.startswith("unseen")] == []
    assert len(reached) == wanted


def test_enter_in_a_field_generates_and_the_focus_stays(generator: Generator) -> None:
    generator.field("length").focus()
    generator.page.keyboard.press("Enter")

    assert generator.secret
    expect(generator.field("length")).to_be_focused()


def test_the_focus_stays_on_the_button_that_was_pressed(generator: Generator) -> None:
    generator.page.locator("#generate").focus()
    generator.page.keyboard.press("Enter")

    assert generator.secret
    expect(generator.page.locator("#generate")).to_be_focused()
