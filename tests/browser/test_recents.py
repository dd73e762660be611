"""The recent secrets, with scripts."""

from playwright.sync_api import expect

from tests.browser.generator import Generator


def test_they_are_masked_until_they_are_revealed(generator: Generator) -> None:
    secret = generator.generate_and_keep()
    value = generator.page.locator(".recent-value")
    expect(value).to_be_hidden()

    generator.page.locator(".shelf summary").click()

    expect(value).to_be_visible()
    expect(value).to_have_text(secret)


def test_each_item_shows_its_kind_strength_age_and_time_left(generator: Generator) -> None:
    generator.kind("pin")
    generator.generate_and_keep()

    summary = generator.page.locator(".shelf summary")

    expect(summary).to_contain_text("PIN")
    expect(summary).to_contain_text("19.9 bits")
    expect(summary).to_contain_text("just now")
    expect(summary).to_contain_text("24 h left")


def test_one_is_deleted_and_the_result_stays(generator: Generator) -> None:
    first = generator.generate_and_keep()
    second = generator.generate_and_keep()

    generator.page.locator(".shelf .forget").nth(1).click()

    expect(generator.page.locator(".recent-value")).to_have_count(1)
    assert generator.recents == [second]
    assert first not in generator.page.content()
    assert generator.secret == second


def test_deleting_all_needs_a_confirmation(generator: Generator) -> None:
    generator.generate_and_keep()
    expect(generator.page.locator("#clear")).to_be_hidden()

    generator.page.locator(".clear summary").click()
    generator.page.locator("#clear").click()

    expect(generator.page.locator("#recents")).to_contain_text("Nothing here yet")


def test_they_are_still_there_after_a_reload(generator: Generator) -> None:
    secret = generator.generate_and_keep()

    generator.page.reload()

    assert generator.recents == [secret]
    assert generator.secret != secret
