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


def test_after_one_is_deleted_the_focus_goes_to_the_next_and_the_open_one_stays_open(
    generator: Generator,
) -> None:
    first = generator.generate_and_keep()
    generator.generate_and_keep()
    generator.generate_and_keep()
    generator.page.locator(".shelf summary").nth(2).click()

    generator.page.locator(".shelf .forget").nth(1).press("Enter")

    expect(generator.page.locator(".shelf li")).to_have_count(2)
    expect(generator.page.locator(".shelf .forget").nth(1)).to_be_focused()
    expect(generator.page.locator(".recent-value").nth(1)).to_be_visible()
    expect(generator.page.locator(".recent-value").nth(1)).to_have_text(first)
    expect(generator.page.locator("#announcer")).to_have_text("Removed from the recent secrets.")


def test_after_the_shown_secret_is_deleted_another_is_shown(generator: Generator) -> None:
    secret = generator.generate_and_keep()

    generator.page.locator(".shelf .forget").press("Enter")

    generator.next_secret(secret)
    expect(generator.page.locator("#recents-title")).to_be_focused()
    assert secret not in generator.page.content()


def test_after_all_are_deleted_the_qr_code_is_of_another_secret(generator: Generator) -> None:
    secret = generator.generate_and_keep()
    generator.page.locator(".clear summary").click()

    generator.page.locator("#clear").press("Enter")

    generator.next_secret(secret)
    expect(generator.page.locator("#recents-title")).to_be_focused()
    expect(generator.page.locator("#announcer")).to_have_text("Removed from the recent secrets.")
    generator.page.locator("#show-qr").click()
    expect(generator.page.locator("#qr svg.qr")).to_be_visible()


def test_deleting_leaves_a_secret_that_was_not_kept(generator: Generator) -> None:
    generator.generate_and_keep()
    secret = generator.generate()
    generator.page.locator(".clear summary").click()

    generator.page.locator("#clear").click()

    expect(generator.page.locator("#recents")).to_contain_text("Nothing here yet")
    assert generator.secret == secret


def test_a_recent_secret_gets_a_name_by_the_enter_key(generator: Generator) -> None:
    generator.generate_and_keep()
    generator.generate_and_keep()
    generator.page.locator(".shelf summary").nth(1).click()

    generator.page.locator(".naming input").nth(1).fill("Roteador <b>")
    generator.page.locator(".naming input").nth(1).press("Enter")

    expect(generator.page.locator(".shelf-name")).to_have_text(["", "Roteador <b>"])
    expect(generator.page.locator(".naming input").nth(1)).to_be_focused()
    expect(generator.page.locator("#announcer")).to_have_text("Name saved.")
