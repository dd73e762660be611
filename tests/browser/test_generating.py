"""Generating with scripts: without a page load, once a click, and measured while it is tuned."""

import math
import re
from http import HTTPStatus

import pytest
from playwright.sync_api import Route, expect

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
        ("pattern", r"([A-Z0-9]{5}-){4}[A-Z0-9]{5}"),
    ],
)
def test_each_kind_is_generated_without_a_page_load(
    generator: Generator, kind: str, form: str
) -> None:
    generator.page.evaluate("window.same = true")
    generator.kind(kind)

    first = generator.secret
    second = generator.generate()

    assert re.fullmatch(form, first)
    assert re.fullmatch(form, second)
    assert generator.recents == []
    assert generator.page.evaluate("window.same") is True


def test_a_preset_takes_one_click_and_shows_its_recipe(generator: Generator) -> None:
    secret = generator.choose("memorable-passphrase")

    assert len(secret.split("-")) == 6
    expect(generator.page.locator("#preset-memorable-passphrase")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(generator.field("words")).to_have_value("6")
    expect(generator.page.locator("#kind-passphrase")).to_have_attribute("aria-current", "page")


def test_on_a_phone_one_tap_copies_a_secret_and_keeps_it(open_generator: OpenGenerator) -> None:
    phone = open_generator(
        viewport={"width": 375, "height": 667},
        has_touch=True,
        is_mobile=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    secret = phone.secret
    expect(phone.page.locator("#copy")).to_be_in_viewport()

    phone.page.locator("#copy").tap()

    expect(phone.page.locator(".recent-value")).to_have_text(secret)
    assert (phone.clipboard, phone.secret) == (secret, secret)
    expect(phone.page.locator("#keep-secret")).to_have_count(0)


@pytest.mark.parametrize("value", ["8", "31"])
def test_the_secret_and_the_strength_follow_the_recipe_together(
    generator: Generator, value: str
) -> None:
    generator.page.evaluate("""() => {
        window.pairs = [];
        const note = () => window.pairs.push([
            document.querySelector("#secret").textContent.length,
            document.querySelector("#strength .bits strong").textContent,
        ].join());
        new MutationObserver(note).observe(document.querySelector("main"), { childList: true });
    }""")

    generator.page.locator(".by-size .slider").fill(value)

    bits = domain.build("characters", {"length": int(value)}).entropy_bits
    expected = f"{math.floor(bits * 100) / 100:.2f}"
    expect(generator.page.locator("#strength .bits strong")).to_have_text(expected)
    assert len(generator.secret) == int(value)
    assert generator.page.evaluate("window.pairs") == [f"{value},{expected}"]
    assert generator.recents == []


def test_each_change_of_the_recipe_shows_another_secret(generator: Generator) -> None:
    shown = [generator.secret]

    generator.field("digits").uncheck()
    shown.append(generator.next_secret(shown[-1]))
    generator.page.get_by_label("By strength").check()
    shown.append(generator.next_secret(shown[-1]))
    generator.kind("passphrase")
    shown.append(generator.next_secret(shown[-1]))
    generator.field("separator").fill("_")
    shown.append(generator.next_secret(shown[-1]))

    assert not any(character.isdigit() for character in shown[1])
    assert shown[-1].count("_") == 5
    assert len(set(shown)) == 5


def test_one_request_is_sent_at_a_time_and_the_last_change_wins(generator: Generator) -> None:
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    generator.page.route("**/?*", hold)
    digits = generator.field("digits")
    for change in (digits.uncheck, digits.check, digits.uncheck):
        change()
    expect(generator.page.locator("body")).to_have_attribute("aria-busy", "true")
    generator.page.wait_for_timeout(100)
    assert len(waiting) == 1

    generator.page.unroute("**/?*")  # lets the request through

    expect(generator.page).to_have_url(f"{generator.base_url}/?kind=characters&digits=off")
    expect(generator.page.locator("body")).not_to_have_attribute("aria-busy", "true")
    assert not any(character.isdigit() for character in generator.secret)


def test_a_preset_stays_for_another_secret(generator: Generator) -> None:
    generator.choose("memorable-passphrase")
    preset = generator.page.locator("#preset-memorable-passphrase")

    generator.generate()

    expect(preset).to_have_attribute("aria-pressed", "true")
    generator.keep()
    expect(generator.page).to_have_url(f"{generator.base_url}/?policy=memorable-passphrase")
    generator.field("words").fill("7")
    expect(preset).not_to_have_attribute("aria-pressed", "true")


def test_the_address_is_a_bookmark_of_the_recipe(
    generator: Generator, open_generator: OpenGenerator
) -> None:
    generator.kind("passphrase")
    generator.field("words").fill("8")
    expect(generator.page).to_have_url(re.compile("words=8"))

    other = open_generator(generator.page.url.removeprefix(generator.base_url))

    assert len(other.secret.split("-")) == 8
    expect(other.field("words")).to_have_value("8")


def test_reset_goes_back_to_the_defaults(generator: Generator) -> None:
    generator.field("length").fill("33")
    expect(generator.page).to_have_url(re.compile("length=33"))

    generator.page.locator("#reset").click()

    expect(generator.field("length")).to_have_value("20")
    assert len(generator.secret) == 20
    generator.page.goto(f"{generator.base_url}/")
    expect(generator.field("length")).to_have_value("20")


def test_a_wrong_recipe_shows_no_earlier_secret(generator: Generator) -> None:
    generator.field("length").fill("3")

    expect(generator.page.locator("#problems")).to_be_visible()
    expect(generator.page.locator("#secret")).to_be_empty()
    expect(generator.page.locator("#copy")).to_be_disabled()
    expect(generator.page.locator("#keep-secret")).to_have_count(0)


def test_without_the_server_no_secret_stays_beside_a_changed_recipe(generator: Generator) -> None:
    generator.page.evaluate(
        "() => { window.connected = fetch; window.fetch = () => Promise.reject(); }"
    )

    generator.field("length").fill("30")

    expect(generator.page.locator("#toast")).to_contain_text("cannot be reached")
    expect(generator.page.locator("#secret")).to_be_empty()
    generator.page.evaluate("() => { window.fetch = window.connected; }")
    assert len(generator.generate()) == 30


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

    length = generator.field("length")
    expect(generator.page.locator("#problems")).to_have_text("Length: must be between 4 and 256")
    expect(length).to_have_accessible_description("must be between 4 and 256")
    expect(length).to_have_attribute("aria-invalid", "true")
    expect(length).to_be_focused()
    length.fill("30")
    expect(length).not_to_have_attribute("aria-invalid", "true")
    expect(generator.page.get_by_text("must be between")).to_have_count(0)


def test_the_group_of_classes_is_reported_when_the_last_is_unchecked(generator: Generator) -> None:
    for name in ("lowercase", "uppercase", "digits", "symbols"):
        generator.field(name).uncheck()

    group = generator.page.get_by_role("group", name="Characters", exact=True)
    expect(group).to_have_accessible_description(re.compile("choose at least one"))
    expect(generator.field("lowercase")).not_to_have_attribute("aria-invalid", "true")


def test_a_wrong_form_gets_its_errors_and_the_focus(generator: Generator) -> None:
    generator.field("length").fill("3")
    generator.page.locator("#generate").click()

    problems = generator.page.locator("#problems")
    expect(problems).to_be_focused()
    problems.get_by_role("link").click()
    expect(generator.field("length")).to_be_focused()
    generator.field("length").fill("10")
    assert len(generator.generate()) == 10


def test_the_last_recipe_is_kept_and_never_a_secret(generator: Generator) -> None:
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
    button = generator.page.get_by_role("button", name="Show the secret")
    expect(button).not_to_have_attribute("aria-pressed", re.compile(""))
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
    generator.page.evaluate("() => { window.fetch = () => Promise.reject(); }")
    generator.page.locator("#generate").click()

    expect(generator.page.locator("#toast")).to_contain_text("cannot be reached")


def test_a_message_is_closed_and_the_focus_returns(generator: Generator) -> None:
    generator.page.evaluate("() => { window.fetch = () => Promise.reject(); }")
    generator.page.locator("#generate").press("Enter")

    generator.page.locator("#toast").get_by_role("button", name="Close").press("Enter")

    expect(generator.page.locator("#toast")).to_be_hidden()
    expect(generator.page.locator("#generate")).to_be_focused()


def test_a_site_s_rule_is_followed_as_it_is_pasted(generator: Generator) -> None:
    generator.page.locator(".more summary").click()
    before = generator.secret

    generator.field("passwordrules").fill("maxlength: 15; required: digit; allowed: [-a]")
    secret = generator.next_secret(before)

    assert re.fullmatch(r"[-a\d]{15}", secret)
    expect(generator.field("length")).to_have_value("15")
    expect(generator.page.locator("#recipe-form .slider").first).to_have_value("15")

    generator.field("passwordrules").fill("allowed: [a-z]")

    expect(generator.page.locator("#e-passwordrules")).to_contain_text("12")
    expect(generator.field("passwordrules")).to_have_attribute("aria-invalid", "true")


def test_an_example_of_a_pattern_takes_one_click_and_the_next_key_draws_again(
    generator: Generator,
) -> None:
    generator.kind("pattern")
    generator.page.evaluate("window.same = true")

    generator.page.get_by_role("link", name="pronounceable words").click()

    expect(generator.field("pattern")).to_have_value("Cvccvc-cvccvc-cvccvc-dd")
    before = generator.secret
    generator.field("pattern").press("End")
    generator.field("pattern").press_sequentially("}")
    expect(generator.page.locator("#e-pattern")).to_contain_text("character 24")
    generator.field("pattern").press("Backspace")
    assert re.fullmatch(r"[A-Za-z]{6}(-[a-z]{6}){2}-\d\d", generator.next_secret(before))
    assert generator.page.evaluate("window.same") is True
