"""Without scripts everything works by forms, and a refresh repeats nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenGenerator
from tests.browser.generator import Generator
from tests.browser.scanning import scan


@pytest.fixture
def plain(open_generator: OpenGenerator) -> Generator:
    """The generator in a browser without scripts."""
    return open_generator(java_script_enabled=False)


@pytest.mark.parametrize("kind", ["characters", "passphrase", "pin", "token", "pattern"])
def test_each_kind_is_generated(plain: Generator, kind: str) -> None:
    plain.kind(kind)

    secret = plain.generate()

    assert plain.recents == [secret]
    expect(plain.page).to_have_title("New secret · Giropops Senhas")


def test_a_preset_takes_one_click(plain: Generator) -> None:
    assert len(plain.choose("memorable-passphrase").split("-")) == 6
    expect(plain.field("words")).to_have_value("6")


def test_the_secret_that_is_shown_at_once_can_be_kept(plain: Generator) -> None:
    plain.kind("pin")
    secret = plain.secret
    assert plain.recents == []

    plain.page.locator("#keep-secret").click()

    assert (plain.secret, plain.recents) == (secret, [secret])
    expect(plain.page.locator("#keep-secret")).to_have_count(0)
    expect(plain.page.locator("#kind-pin")).to_have_attribute("aria-current", "page")
    plain.page.reload()  # sends the form again
    assert (plain.secret, plain.recents) == (secret, [secret])


def test_a_preset_stays_for_another_secret(plain: Generator) -> None:
    shown = plain.choose("memorable-passphrase")

    another = plain.generate()

    assert plain.recents == [another]
    assert another != shown
    expect(plain.page.locator("#preset-memorable-passphrase")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_qr_code_of_a_secret_keeps_it(plain: Generator) -> None:
    secret = plain.secret
    plain.page.locator("#show-qr").click()
    expect(plain.page.locator("svg.qr")).to_be_visible()

    plain.page.goto(f"{plain.base_url}/")

    assert plain.recents == [secret]


def test_a_refresh_shows_the_same_secret(plain: Generator) -> None:
    secret = plain.generate()

    plain.page.reload()

    assert plain.secret == secret
    assert plain.recents == [secret]


def test_going_back_shows_no_secret_of_another_moment(plain: Generator) -> None:
    secret = plain.generate()

    plain.page.goto(f"{plain.base_url}/nothing-here")
    plain.page.goto(f"{plain.base_url}/?kind=pin")
    plain.page.go_back()
    plain.page.go_forward()

    expect(plain.page.locator("#secret")).not_to_have_text(secret)
    assert secret not in plain.page.url


def test_only_what_works_is_shown(plain: Generator) -> None:
    for name in ("#copy", "#hide", ".slider", "#open-help"):
        expect(plain.page.locator(name).first).to_be_hidden()


def test_errors_are_shown_on_the_page(plain: Generator) -> None:
    plain.field("length").fill("2")
    plain.page.locator("#generate").click()

    expect(plain.page.get_by_role("alert")).to_contain_text("must be between 4 and 256")
    expect(plain.field("length")).to_have_value("2")


def test_strength_may_be_wished_for(plain: Generator) -> None:
    plain.page.get_by_label("By strength").check()
    expect(plain.field("length")).to_be_hidden()
    plain.field("bits").fill("90")

    assert len(plain.generate()) == 14


def test_recent_secrets_are_revealed_and_deleted(plain: Generator) -> None:
    plain.generate()
    plain.page.locator(".shelf summary").click()
    expect(plain.page.locator(".recent-value")).to_be_visible()

    plain.page.locator(".shelf .forget").click()

    expect(plain.page.locator("#recents")).to_contain_text("Nothing here yet")


def test_all_are_deleted_after_a_confirmation(plain: Generator) -> None:
    plain.generate()
    plain.page.locator(".clear summary").click()
    plain.page.locator("#clear").click()

    assert plain.recents == []


def test_the_qr_code_has_a_page(plain: Generator) -> None:
    secret = plain.generate()
    plain.page.locator("#show-qr").click()

    expect(plain.page.locator("svg.qr")).to_be_visible()
    assert scan(plain.page) == secret


def test_a_secret_is_read_aloud_and_printed_on_a_card(plain: Generator) -> None:
    secret = plain.generate()
    plain.page.locator("#read-aloud").click()

    expect(plain.page.locator(".spelling b")).to_have_text(list(secret))
    plain.page.locator("#network").fill("Casa")
    plain.page.locator(".wifi button").click()
    expect(plain.page.locator(".card")).to_contain_text(secret)
    escaped = re.sub(r'([\\;,":])', r"\\\1", secret)
    assert scan(plain.page) == f"WIFI:T:WPA;S:Casa;P:{escaped};;"
    assert "Casa" not in plain.page.url


def test_language_and_theme_are_kept(plain: Generator) -> None:
    plain.page.get_by_role("button", name="Español").click()
    plain.page.get_by_role("button", name="Oscuro").click()
    plain.page.goto(f"{plain.base_url}/")

    expect(plain.page.locator("html")).to_have_attribute("lang", "es")
    expect(plain.page.locator("html")).to_have_attribute("data-theme", "dark")
