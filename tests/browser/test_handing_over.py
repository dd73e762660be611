"""Handing over with a one-time link: two people, two browsers, and the command."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.firefox import Firefox
from tests.browser.generator import Generator
from tests.browser.scanning import scan
from tests.conftest import OpenPage, StartLiveApp
from tests.live import ROOT, LiveApp

TEXT = 'a text\nwith "çã" and 🔑'
COPYING = ["clipboard-read", "clipboard-write"]


def _make(page: Page, base_url: str, *, passphrase: str = "", views: str = "1") -> tuple[str, str]:
    """Make a link in the browser; return it and its passphrase."""
    page.goto(f"{base_url}/share")
    page.locator("#f-text").fill(TEXT)
    page.locator("#f-passphrase").select_option(passphrase)
    page.locator("#f-views").select_option(views)
    page.locator("#share button").click()
    expect(page.locator("#result")).to_be_visible()
    link = page.locator("#made-link").text_content()
    assert link
    return link, page.locator("#made-passphrase").text_content() or ""


def _open(page: Page, link: str, passphrase: str = "") -> None:
    page.goto("about:blank")
    page.goto(link)
    if passphrase:
        page.locator("#f-passphrase").fill(passphrase)
    page.locator("#open-link button").click()


@pytest.fixture
def sender(open_page: OpenPage) -> Page:
    return open_page(locale="en-US", permissions=COPYING)


@pytest.fixture
def recipient(open_page: OpenPage) -> Page:
    return open_page(locale="en-US")


def _command(app: LiveApp, *arguments: str, text: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "share", *arguments],
        cwd=ROOT, env=app.environment, input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("passphrase", ["", "words", "digits"])
def test_a_text_goes_from_one_browser_to_another(
    sender: Page, recipient: Page, live_app: LiveApp, passphrase: str
) -> None:
    link, drawn = _make(sender, live_app.base_url, passphrase=passphrase)

    _open(recipient, link, drawn)

    expect(recipient.locator("#opened")).to_have_text(TEXT)
    expect(recipient.locator("#left")).to_contain_text("used up")


def test_the_server_never_gets_the_key(sender: Page, recipient: Page, live_app: LiveApp) -> None:
    sent: list[str] = []
    for page in (sender, recipient):
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))

    link, _passphrase = _make(sender, live_app.base_url)
    _open(recipient, link)
    expect(recipient.locator("#opened")).to_have_text(TEXT)

    key = link.partition("#")[2]
    # A browser never sends a fragment; Playwright shows it in the address of the page.
    assert not [request for request in sent if key in request.replace(f"/s#{key}", "")]
    assert not [request for request in sent if "a text" in request]


def test_the_address_and_the_history_lose_the_key_at_the_press(
    sender: Page, recipient: Page, live_app: LiveApp
) -> None:
    link, _passphrase = _make(sender, live_app.base_url)

    _open(recipient, link)
    expect(recipient.locator("#opened")).to_have_text(TEXT)

    assert recipient.url == f"{live_app.base_url}/s"
    recipient.go_back()
    recipient.go_forward()
    assert recipient.url == f"{live_app.base_url}/s"
    expect(recipient.locator("#opened")).to_be_empty()


def test_a_wrong_passphrase_burns_nothing(sender: Page, recipient: Page, live_app: LiveApp) -> None:
    link, drawn = _make(sender, live_app.base_url, passphrase="digits")

    _open(recipient, link, "000000x")
    expect(recipient.locator("#problem")).to_contain_text("Attempts left: 9")
    recipient.locator("#f-passphrase").fill(drawn)
    recipient.locator("#open-link button").click()

    expect(recipient.locator("#opened")).to_have_text(TEXT)


def test_a_link_that_is_gone_says_what_that_means(
    sender: Page, recipient: Page, live_app: LiveApp
) -> None:
    link, _passphrase = _make(sender, live_app.base_url)
    _open(recipient, link)
    expect(recipient.locator("#opened")).to_have_text(TEXT)

    recipient.goto("about:blank")
    recipient.goto(link)

    expect(recipient.locator("#problem")).to_contain_text("tell the sender")
    expect(recipient.locator("#open-link")).to_be_hidden()


def test_a_scanner_that_presses_every_button_without_the_key_opens_nothing(
    sender: Page, recipient: Page, live_app: LiveApp
) -> None:
    link, _passphrase = _make(sender, live_app.base_url)

    recipient.goto(link.partition("#")[0])
    for button in recipient.locator("button:visible").all():
        button.click()
    recipient.locator("#f-link").fill("x")
    recipient.locator("#open-link button").click()
    expect(recipient.locator("#problem")).to_contain_text("not a whole link")

    _open(recipient, link)
    expect(recipient.locator("#opened")).to_have_text(TEXT)


def test_a_double_click_uses_one_opening(sender: Page, recipient: Page, live_app: LiveApp) -> None:
    link, _passphrase = _make(sender, live_app.base_url, views="3")

    recipient.goto(link)
    recipient.locator("#open-link button").dblclick()

    expect(recipient.locator("#left")).to_have_text("Openings left: 2.")


def test_the_link_and_its_passphrase_are_copied_apart(sender: Page, live_app: LiveApp) -> None:
    link, drawn = _make(sender, live_app.base_url, passphrase="words")

    sender.locator("[data-copy='made-link']").click()
    expect(sender.locator("#clipboard")).to_be_visible()
    copied_link = sender.evaluate("navigator.clipboard.readText()")
    sender.locator("[data-copy='made-passphrase']").click()

    assert copied_link == link
    assert sender.evaluate("navigator.clipboard.readText()") == drawn


def test_the_code_of_a_link_is_drawn_in_the_browser_and_holds_it(
    sender: Page, live_app: LiveApp
) -> None:
    link, _passphrase = _make(sender, live_app.base_url)

    sender.locator("#link-code summary").click()

    assert scan(sender) == link


def test_a_link_of_the_command_opens_in_a_browser(recipient: Page, live_app: LiveApp) -> None:
    out = _command(live_app, "--passphrase", "none", "--url", live_app.base_url, text=TEXT)

    _open(recipient, out.split()[0])

    expect(recipient.locator("#opened")).to_have_text(TEXT)


def test_the_command_opens_a_link_of_a_browser(sender: Page, live_app: LiveApp) -> None:
    link, drawn = _make(sender, live_app.base_url, passphrase="words")

    assert _command(live_app, "open", text=f"{link}\n{drawn}\n") == f"{TEXT}\n"


def test_the_forms_work_without_scripts(open_page: OpenPage, live_app: LiveApp) -> None:
    page = open_page(locale="en-US", java_script_enabled=False)

    link, drawn = _make(page, live_app.base_url, passphrase="words")
    page.goto(f"{live_app.base_url}/s")
    page.locator("#f-link").fill(link)
    page.locator("#f-passphrase").fill(drawn)
    page.locator("#open-link button").click()

    expect(page.locator("#opened")).to_have_text(TEXT)


@pytest.fixture
def plain_http(open_page: OpenPage) -> Page:
    """A page as at http://192.168.0.10: there the browser offers no cryptography."""
    page = open_page(locale="en-US")
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    return page


def test_plain_http_falls_back_to_the_forms(plain_http: Page, live_app: LiveApp) -> None:
    page = plain_http
    link, _drawn = _make(page, live_app.base_url)
    page.goto(link)
    expect(page.locator("#by-server")).to_contain_text("sees the content")
    page.locator("#open-link button").click()

    expect(page.locator("#opened")).to_have_text(TEXT)
    assert re.fullmatch(r"http://[^#]+/s", page.url)


def test_where_the_api_is_closed_the_server_seals_and_says_so(
    sender: Page, recipient: Page, start_live_app: StartLiveApp
) -> None:
    app = start_live_app({"API_REQUIRES_TOKEN": "true"})
    sender.goto(f"{app.base_url}/share")
    expect(sender.locator("#by-server")).to_contain_text("sees it while it does")
    expect(sender.locator("#by-browser")).to_be_hidden()

    link, _drawn = _make(sender, app.base_url)
    _open(recipient, link)

    expect(recipient.locator("#opened")).to_have_text(TEXT)


def test_over_plain_http_the_history_loses_the_key_too(
    plain_http: Page, sender: Page, live_app: LiveApp
) -> None:
    link, _drawn = _make(sender, live_app.base_url)

    plain_http.goto(link)
    plain_http.locator("#open-link button").click()
    expect(plain_http.locator("#opened")).to_have_text(TEXT)
    plain_http.go_back()

    assert plain_http.url == f"{live_app.base_url}/s"


# Firefox keeps pages that were loaded over plain HTTP for Back, although they are "no-store".
RETURN = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def test_returning_to_an_opened_link_does_not_open_it_again(
    plain_http: Page, sender: Page, live_app: LiveApp
) -> None:
    link, _drawn = _make(sender, live_app.base_url, views="3")
    plain_http.goto(link)
    plain_http.locator("#open-link button").click()
    expect(plain_http.locator("#opened")).to_have_text(TEXT)

    plain_http.evaluate(RETURN)

    expect(plain_http.locator("#opened")).to_be_empty()
    expect(plain_http.locator("#f-link")).to_be_visible()
    sender.goto(f"{live_app.base_url}/shares")
    expect(sender.locator(".links li").first).to_contain_text(re.compile(r"Openings left\s*2"))


def test_returning_to_a_new_link_does_not_make_another(plain_http: Page, live_app: LiveApp) -> None:
    _make(plain_http, live_app.base_url)

    plain_http.evaluate(RETURN)

    expect(plain_http.locator("#f-text")).to_have_value("")
    expect(plain_http.locator("#share")).to_be_visible()
    plain_http.goto(f"{live_app.base_url}/shares")
    expect(plain_http.locator(".links li")).to_have_count(1)


def test_a_broken_response_is_reported_and_the_press_can_be_repeated(
    sender: Page, recipient: Page, live_app: LiveApp
) -> None:
    link, _passphrase = _make(sender, live_app.base_url)
    recipient.goto(link)
    recipient.route("**/open", lambda route: route.fulfill(body="<p>Sign in to this network"))
    recipient.locator("#open-link button").click()
    expect(recipient.locator("#problem")).to_contain_text("cannot be reached")

    recipient.unroute("**/open")
    recipient.locator("#open-link button").click()

    expect(recipient.locator("#opened")).to_have_text(TEXT)


def test_without_scripts_an_empty_first_line_is_shown(
    open_page: OpenPage, live_app: LiveApp
) -> None:
    page = open_page(locale="en-US", java_script_enabled=False)
    out = _command(
        live_app, "--passphrase", "none", "--url", live_app.base_url, text="\nsecond line"
    )

    page.goto(f"{live_app.base_url}/s")
    page.locator("#f-link").fill(out.split()[0])
    page.locator("#open-link button").click()

    assert page.locator("#opened").text_content() == "\nsecond line"


def test_a_generated_secret_is_handed_over(
    generator: Generator, recipient: Page, live_app: LiveApp
) -> None:
    secret = generator.secret

    generator.page.locator("#hand-over").click()
    expect(generator.page.locator("#f-text")).to_have_value(secret)
    generator.page.locator("#f-passphrase").select_option("")
    generator.page.locator("#share button").click()
    link = generator.page.locator("#made-link")
    expect(link).not_to_be_empty()
    _open(recipient, link.text_content() or "")

    expect(recipient.locator("#opened")).to_have_text(secret)
    generator.page.goto(f"{live_app.base_url}/")
    assert generator.recents == [secret]


def test_leaving_the_form_removes_the_secret(generator: Generator) -> None:
    generator.page.locator("#hand-over").click()
    expect(generator.page.locator("#f-text")).not_to_have_value("")
    generator.page.wait_for_load_state()  # the scripts have run

    generator.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")

    expect(generator.page.locator("#f-text")).to_have_value("")


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    with Firefox() as firefox:
        yield firefox


def test_firefox_opens_a_link_of_chromium_and_makes_one_for_it(
    firefox: Firefox, sender: Page, recipient: Page, live_app: LiveApp
) -> None:
    link, drawn = _make(sender, live_app.base_url, passphrase="digits")

    firefox.open(link)
    firefox.wait_for("!document.getElementById('passphrase-field').hidden")
    firefox.evaluate(f"document.getElementById('f-passphrase').value = '{drawn}'")
    firefox.click("#open-link button")
    firefox.wait_for("document.getElementById('opened').textContent !== ''")
    assert firefox.evaluate("document.getElementById('opened').textContent") == TEXT

    firefox.open(f"{live_app.base_url}/share")
    firefox.evaluate("document.getElementById('f-text').value = 'from Firefox'")
    firefox.click("#share button")
    firefox.wait_for("!document.getElementById('result').hidden")
    made, passphrase = (
        str(firefox.evaluate(f"document.getElementById('made-{name}').textContent"))
        for name in ("link", "passphrase")
    )
    _open(recipient, made, passphrase)
    expect(recipient.locator("#opened")).to_have_text("from Firefox")


# Vectors of the format "share 1", with padding: from cryptography in Python and WebCrypto in Node.
_PLAIN = (
    "AQCgoaKjpKWmp6ipqqvLiIo5ZifqXcIyXlIsAEedmqraFWBUk8CZKLq-SLqcMrl6eV8kys-LLIBQfUr3ArdnWZ"
    "G6DTEfwLYFJzsHePZvVfKpvCQYGOq1IzA7h4pt4gOEQj0fze1dr9B0e6uh1yxCULBpPtIIak2gkz8AVLiMqEEi"
    "vuUc3-2QHLapijPEwdvl9vueZAoVoPox_yvT32qqPS-kzY3RuGrkhJocBN6n-70strqoOi6fLg05gBFKyw-bas"
    "zy-wn3svzrD2bvA9Mr3W0jP_Bb-YL-7vqmGeYcYBNHukNGETK6fNgcdb8j9rzd_PUZuiJDuG3wMWwrbyqduotF"
    "XqTtSYy4_fvnogAgGJcjnuY41Z4aYbpD11vB_w"
)
_LOCKED = (
    "AQGgoaKjpKWmp6ipqqsIp9EafCposOnqwIX_NCQQLP-4gjoFwsmPy9hRcul2vQcPDUQ8deS-Z_qKOlIOSKqDrG"
    "DW1CXjDMsF7-jyaC_L-syckJVTTNUm0y--JNpfjoVdDfhOIBZwAE9x-xQgK1V03siVTS3ZQJOPE0llGcFD3RFC"
    "bI5_vWitp37Aq0uPxO_Elv4Sq1f0MmyEWPASZltUIdnMmGJqKl-3zmQ7X-3uHzAFx7AT0zjSkzIVjLN-8IuvPB"
    "R85xrLufJtzPusheJDi78_yqcFnNOXspTAK0KxkcX3GD2rTGdE-OOz3HwaPpqqSFiZQgNBUpN0kQWzs9jj2tm9"
    "txtP59kA_k65YHNIDNcI1Pd_sorNviBD_34deQ"
)


@pytest.mark.parametrize(("passphrase", "sealed"), [("", _PLAIN), ("açaí-pão-42", _LOCKED)])
def test_the_browser_opens_what_other_implementations_sealed(
    page: Page, live_app: LiveApp, passphrase: str, sealed: str
) -> None:
    page.goto(f"{live_app.base_url}/s")
    opening = page.locator("script[type=module]").get_attribute("src")

    text = page.evaluate(
        """async ([opening, passphrase, sealed]) => {
          const source = await (await fetch(opening)).text();
          const path = source.match(/"(\\.\\/sealing[^"]*)"/)[1];
          const sealing = await import(new URL(path, new URL(opening, location)));
          const key = Uint8Array.from({ length: 32 }, (_, index) => index);
          return sealing.unseal(await sealing.unlock(key, passphrase), sealing.decode(sealed));
        }""",
        [opening, passphrase, sealed],
    )

    assert text == 'S3nha; "çãé" 🔑'
