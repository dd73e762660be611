"""Generating with scripts: without a page load, once a click, and measured while it is tuned."""

import math
import re
from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from passwords import domain
from tests.browser.conftest import OpenGenerator
from tests.browser.generator import Generator


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("characters", r"[!-~]{20}"),
        ("passphrase", r"[a-z]+(-[a-z]+){5}"),
        ("pin", r"[0-9]{6}"),
        ("token", r"[A-Za-z0-9_-]{43}"),
    ],
)
def test_each_kind_is_generated_without_a_page_load(
    generator: Generator, kind: str, form: str
) -> None:
    generator.page.evaluate("window.same = true")
    generator.kind(kind)

    first = generator.generate()
    second = generator.generate()

    assert re.fullmatch(form, first)
    assert re.fullmatch(form, second)
    assert generator.recents == [second, first]
    assert generator.page.evaluate("window.same") is True


def test_a_preset_takes_one_click_and_shows_its_recipe(generator: Generator) -> None:
    secret = generator.choose("memorable-passphrase")

    assert len(secret.split("-")) == 6
    expect(generator.page.locator("#preset-memorable-passphrase")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(generator.field("words")).to_have_value("6")
    expect(generator.page.locator("#kind-passphrase")).to_have_attribute("aria-current", "page")


def test_on_a_phone_a_passphrase_is_copied_in_two_taps(open_generator: OpenGenerator) -> None:
    phone = open_generator(
        viewport={"width": 375, "height": 667},
        has_touch=True,
        is_mobile=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    preset, copy = (phone.page.locator(name) for name in ("#preset-memorable-passphrase", "#copy"))

    expect(preset).to_be_in_viewport()
    preset.tap()
    expect(copy).to_be_enabled()
    expect(copy).to_be_in_viewport()
    copy.tap()

    expect(phone.page.locator("#clipboard")).to_contain_text("Copied")
    assert phone.clipboard == phone.secret


def test_the_strength_follows_the_recipe_and_nothing_is_drawn_for_it(generator: Generator) -> None:
    methods: list[str] = []
    generator.page.on("request", lambda request: methods.append(request.method))

    generator.field("length").fill("8")

    bits = domain.build("characters", {"length": 8}).entropy_bits
    expect(generator.page.locator("#strength .bits strong")).to_have_text(
        f"{math.floor(bits * 100) / 100:.2f}"
    )
    assert set(methods) == {"GET"}
    assert generator.recents == []


def test_the_slider_and_the_number_move_together(generator: Generator) -> None:
    slider = generator.page.locator(".by-size .slider")

    slider.fill("32")
    expect(generator.field("length")).to_have_value("32")
    generator.field("length").fill("40")

    expect(slider).to_have_value("40")


def test_a_requested_strength_hides_the_length(generator: Generator) -> None:
    generator.page.get_by_label("By strength").check()

    expect(generator.field("length")).to_be_hidden()
    generator.field("bits").fill("90")
    secret = generator.generate()

    assert len(secret) == 14


def test_a_wrong_value_is_reported_while_it_is_typed(generator: Generator) -> None:
    generator.field("length").fill("3")

    expect(generator.page.locator("#fault")).to_have_text("Length: must be between 4 and 256")
    expect(generator.field("length")).to_have_attribute("aria-invalid", "true")
    generator.field("length").fill("30")
    expect(generator.field("length")).not_to_have_attribute("aria-invalid", "true")


def test_a_wrong_form_gets_its_errors_and_the_focus(generator: Generator) -> None:
    generator.field("length").fill("3")
    generator.page.locator("#generate").click()

    problems = generator.page.locator("#problems")
    expect(problems).to_be_focused()
    problems.get_by_role("link").click()
    expect(generator.field("length")).to_be_focused()
    generator.field("length").fill("10")
    assert len(generator.generate()) == 10


def test_the_last_recipe_is_remembered_and_never_a_secret(generator: Generator) -> None:
    generator.kind("pin")
    generator.field("length").fill("9")
    secret = generator.generate()

    generator.page.goto(f"{generator.base_url}/")

    expect(generator.page.locator("#kind-pin")).to_have_attribute("aria-current", "page")
    expect(generator.field("length")).to_have_value("9")
    stored = generator.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert secret not in stored


def test_a_screen_reader_announces_the_secret(generator: Generator) -> None:
    secret = generator.generate()

    expect(generator.page.get_by_role("status").filter(has_text=secret)).to_have_text(
        f"New secret: {secret}"
    )


def test_a_hidden_secret_is_neither_shown_nor_announced(generator: Generator) -> None:
    generator.generate()
    generator.page.locator("#hide").click()

    expect(generator.page.locator("#secret")).to_be_hidden()
    generator.page.locator("#generate").click()
    expect(generator.page.locator("#announcer")).to_have_text("A new secret is ready, hidden.")
    expect(generator.page.locator("#secret")).to_be_hidden()
    generator.page.locator("#hide").click()
    expect(generator.page.locator("#secret")).to_be_visible()


def test_the_qr_code_is_drawn_by_the_server(generator: Generator) -> None:
    secret = generator.generate()

    with generator.page.expect_response("**/recents/qr") as answer:
        generator.page.locator("#show-qr").click()

    expect(generator.page.locator("#qr svg.qr")).to_be_visible()
    assert answer.value.status == HTTPStatus.OK
    assert secret not in answer.value.url
    generator.page.keyboard.press("Escape")
    expect(generator.page.locator("#qr-code")).to_be_empty()


def test_an_unreachable_server_is_reported(generator: Generator) -> None:
    generator.page.route("**/", lambda route: route.abort())
    generator.page.locator("#generate").click()

    expect(generator.page.locator("#toast")).to_contain_text("cannot be reached")
