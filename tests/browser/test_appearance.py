"""Languages, themes, sizes, paper and motion."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import OpenGenerator
from tests.browser.generator import Generator
from tests.browser.pages import PAGES
from tests.conftest import OpenPage
from tests.live import LiveApp

LIGHT, DARK = "rgb(246, 243, 236)", "rgb(16, 22, 27)"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("pt-BR", "pt-br"), ("pt-PT", "pt-br"), ("es-AR", "es"), ("en-GB", "en"), ("de-DE", "pt-br")],
)
def test_the_browser_chooses_the_language_and_portuguese_is_the_default(
    open_generator: OpenGenerator, accepted: str, language: str
) -> None:
    generator = open_generator(locale=accepted)

    expect(generator.page.locator("html")).to_have_attribute("lang", language)


def test_the_visitor_chooses_another_language_which_is_kept(generator: Generator) -> None:
    generator.kind("token")
    generator.page.get_by_role("button", name="Português").click()
    expect(generator.page.locator("#generate")).to_contain_text("Gerar")
    expect(generator.page.locator("#kind-token")).to_have_attribute("aria-current", "page")

    generator.page.goto(f"{generator.base_url}/")

    expect(generator.page.locator("html")).to_have_attribute("lang", "pt-br")


@pytest.mark.parametrize(("preference", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_is_the_systems(
    open_generator: OpenGenerator, preference: str, colour: str
) -> None:
    generator = open_generator(color_scheme=preference)

    expect(generator.page.locator("body")).to_have_css("background-color", colour)


def test_the_visitor_chooses_another_theme_which_is_kept_with_the_secret(
    generator: Generator,
) -> None:
    secret = generator.generate()

    with generator.page.expect_response("**/preferences"):
        generator.page.get_by_role("button", name="Dark").click()

    expect(generator.page.locator("body")).to_have_css("background-color", DARK)
    assert generator.secret == secret
    generator.page.goto(f"{generator.base_url}/nothing-here")
    expect(generator.page.locator("body")).to_have_css("background-color", DARK)


@pytest.fixture(scope="module")
def large_type(browser: Browser) -> Iterator[Browser]:
    """A browser whose type is set to twice the usual size."""
    large = browser.browser_type.launch(
        executable_path=shutil.which("chromium") or "/usr/bin/chromium",
        args=["--no-sandbox", "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"],
    )
    yield large
    large.close()


@pytest.mark.parametrize("kind", ["characters", "passphrase", "pin", "token", "pattern"])
@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES"])
def test_nothing_sticks_out_on_a_phone_with_type_of_twice_the_size(
    large_type: Browser, live_app: LiveApp, kind: str, language: str
) -> None:
    page = large_type.new_page(locale=language)
    page.goto(f"{live_app.base_url}/?kind={kind}")
    Generator(page=page, base_url=live_app.base_url).generate()
    page.evaluate("document.querySelectorAll('details').forEach((more) => { more.open = true; })")
    page.locator("#copy").click()

    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES"])
def test_the_dots_of_a_recent_secret_end_before_its_buttons(
    open_generator: OpenGenerator, language: str
) -> None:
    generator = open_generator(locale=language, viewport={"width": 320, "height": 568})
    generator.generate_and_keep()

    dots = generator.page.locator(".dots").bounding_box()
    buttons = generator.page.locator(".shelf-actions").bounding_box()

    assert dots is not None
    assert buttons is not None
    assert dots["x"] + dots["width"] <= buttons["x"]


@pytest.mark.parametrize("kind", ["characters", "passphrase", "pin", "token", "pattern"])
@pytest.mark.parametrize("width", [320, 375])
def test_a_finger_gets_targets_of_40_pixels(
    open_generator: OpenGenerator, kind: str, width: int
) -> None:
    generator = open_generator(
        f"/?kind={kind}", has_touch=True, is_mobile=True, viewport={"width": width, "height": 740}
    )
    generator.generate()
    generator.page.evaluate(
        "document.querySelectorAll('details').forEach((more) => { more.open = true; })"
    )
    generator.page.locator("#copy").click()
    expect(generator.page.locator("#clipboard")).to_be_visible()

    small = generator.page.evaluate(
        "[...document.querySelectorAll('a, button, summary, select, input')]"
        ".filter((control) => control.checkVisibility())"
        ".map((control) => control.matches('[type=checkbox], [type=radio]')"
        " ? control.closest('label') : control)"
        ".filter((control) => { const { width, height } = control.getBoundingClientRect();"
        " return width < 40 || height < 40; })"
        ".map((control) => control.outerHTML)"
    )

    assert small == []


def test_forced_colours_underline_only_the_kind_that_is_shown(
    open_generator: OpenGenerator,
) -> None:
    generator = open_generator(forced_colors="active", color_scheme="dark")

    colours = generator.page.evaluate(
        "[...document.querySelectorAll('.kinds a')]"
        ".map((kind) => getComputedStyle(kind).borderBlockEndColor)"
    )

    assert colours[0] != "rgb(0, 0, 0)"
    assert colours[1:] == ["rgb(0, 0, 0)"] * 4


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_slow_request_shows(open_generator: OpenGenerator, motion: str) -> None:
    generator = open_generator(reduced_motion=motion)
    generator.generate()
    opacity = "() => getComputedStyle(document.body, '::before').opacity"
    assert generator.page.evaluate(opacity) == "0"
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    generator.page.route("**/*", hold)

    generator.page.locator("#generate").click()

    generator.page.wait_for_function(f"{opacity} === '1'")
    for route in held:
        route.continue_()
    generator.page.wait_for_function(f"{opacity} === '0'")


def test_the_longest_secret_wraps_and_is_copied_whole(open_generator: OpenGenerator) -> None:
    generator = open_generator(
        "/?kind=token&encoding=hex&bytes=1024",
        viewport={"width": 320, "height": 600},
        permissions=["clipboard-read", "clipboard-write"],
    )
    secret = generator.secret

    generator.page.locator("#copy").click()

    expect(generator.page.locator("#clipboard")).to_contain_text("Copied")
    assert generator.clipboard == secret
    assert len(secret) == 2048
    assert generator.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_selecting_the_secret_by_hand_copies_it_whole(open_generator: OpenGenerator) -> None:
    generator = open_generator(viewport={"width": 320, "height": 600})
    secret = generator.choose("administrator")

    generator.page.locator("#secret").click(click_count=3)

    assert generator.page.evaluate("String(getSelection()).trim()") == secret


def test_digits_and_symbols_differ_without_colour(generator: Generator) -> None:
    generator.choose("administrator")

    digit, symbol = (generator.page.locator(f"#secret .{name}").first for name in "ds")

    expect(digit).to_have_css("text-decoration-line", "underline")
    expect(symbol).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_paper_gets_the_secret_and_no_controls(generator: Generator) -> None:
    generator.generate()

    generator.page.emulate_media(media="print")

    expect(generator.page.locator("#secret")).to_be_visible()
    for name in ("#recipe", "#recents", ".actions", ".top"):
        expect(generator.page.locator(name)).to_be_hidden()


def test_reduced_motion_stops_all_animation(open_generator: OpenGenerator) -> None:
    generator = open_generator(reduced_motion="reduce")

    moving = generator.page.evaluate(
        "[...document.querySelectorAll('*')].filter((element) => {"
        " const style = getComputedStyle(element);"
        " return style.animationName !== 'none' || style.transitionDuration !== '0s'; }).length"
    )

    assert moving == 0


def test_the_layout_does_not_shift(open_generator: OpenGenerator) -> None:
    generator = open_generator()
    generator.page.evaluate(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of"
        " list.getEntries()) window.shift += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true })"
    )

    generator.page.wait_for_function("document.fonts.ready.then(() => true)")

    assert generator.page.evaluate("window.shift") < 0.01


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_the_smallest_phone(
    open_page: OpenPage, live_app: LiveApp, name: str
) -> None:
    page = open_page(viewport={"width": 320, "height": 568})

    PAGES[name](page, live_app.base_url)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
