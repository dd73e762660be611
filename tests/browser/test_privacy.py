"""No secret outlives its page, and nothing comes from or goes to another place."""

import json

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import OpenGenerator
from tests.browser.generator import Generator
from tests.conftest import OpenPage
from tests.live import LiveApp

BUDGET_BYTES = 62_000


@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES"])
def test_the_page_and_its_files_together_weigh_at_most_62_kilobytes(
    open_page: OpenPage, live_app: LiveApp, language: str
) -> None:
    page = open_page(locale=language)
    answers = _listen(page)
    page.goto(f"{live_app.base_url}/", wait_until="networkidle")
    expect(page.locator("#secret")).not_to_be_empty()

    weights = {answer.url: _weight(answer) for answer in answers}

    assert any(url.endswith(".woff2") for url in weights)
    assert sum(weights.values()) <= BUDGET_BYTES, json.dumps(weights, indent=1)


def test_text_files_come_as_brotli_under_names_that_never_change(
    open_page: OpenPage, live_app: LiveApp
) -> None:
    page = open_page()
    answers = _listen(page)
    page.goto(f"{live_app.base_url}/", wait_until="networkidle")

    for answer in answers:
        if answer.url.endswith((".js", ".css")):
            assert answer.headers["content-encoding"] == "br", answer.url
            assert "immutable" in answer.headers["cache-control"], answer.url


def test_all_comes_in_one_round_of_requests_after_the_page(
    open_page: OpenPage, live_app: LiveApp
) -> None:
    page = open_page()
    page.goto(f"{live_app.base_url}/", wait_until="networkidle")
    html = page.evaluate("fetch('/').then((answer) => answer.text())")

    scripts = page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)"
        ".filter((path) => path.endsWith('.js') || path.endsWith('.woff2'))"
    )

    assert scripts
    assert [path for path in scripts if path not in html] == []


def test_pages_are_not_stored(generator: Generator) -> None:
    with generator.page.expect_response("**/") as answer:
        generator.page.goto(f"{generator.base_url}/")

    assert answer.value.headers["cache-control"] == "no-store"


def test_back_and_forward_show_no_secret_of_another_moment(generator: Generator) -> None:
    generator.kind("pin")
    secret = generator.generate_and_keep()

    generator.page.goto(f"{generator.base_url}/nothing-here")
    generator.page.go_back()

    expect(generator.page.locator("#secret")).not_to_have_text(secret)
    generator.page.wait_for_load_state()
    expect(generator.page.locator("#kind-pin")).to_have_attribute("aria-current", "page")
    assert secret in generator.recents
    expect(generator.page.locator(".recent-value").first).to_be_hidden()


def test_the_page_to_read_aloud_is_emptied_when_it_is_left(generator: Generator) -> None:
    secret = generator.generate()
    generator.page.locator("#read-aloud").click()
    expect(generator.page.locator(".spelling b")).to_have_text(list(secret))
    generator.page.wait_for_load_state()  # the scripts have run

    generator.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")

    expect(generator.page.locator("main")).to_be_empty()


def test_a_page_that_is_left_is_emptied_of_secrets(generator: Generator) -> None:
    secret = generator.generate_and_keep()
    draft = generator.generate()
    token = generator.page.locator("#held input").input_value()

    generator.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")

    text = generator.page.evaluate("document.documentElement.textContent")
    content = f"{generator.page.content()} {text}"
    assert [value for value in (secret, draft, token) if value in content] == []


def test_a_reload_records_nothing_and_shows_another_secret(generator: Generator) -> None:
    secret = generator.generate()

    generator.page.reload()

    assert generator.secret != secret
    assert generator.recents == []


def test_no_secret_stands_in_an_address_a_cookie_or_a_store(generator: Generator) -> None:
    urls: list[str] = []
    generator.page.on("request", lambda request: urls.append(request.url))
    secret = generator.generate()
    token = generator.page.locator("#held input").input_value()
    generator.page.locator("#show-qr").click()
    expect(generator.page.locator("svg.qr")).to_be_visible()

    kept = generator.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    kept += json.dumps(generator.page.context.cookies())

    kept += str(generator.page.evaluate("JSON.stringify(history.state)"))
    assert secret not in "".join(urls)
    assert token not in "".join(urls)
    assert secret not in kept
    assert token not in kept


@pytest.mark.parametrize("path", ["/", "/nothing-here"])
def test_the_policy_forbids_what_is_inline(open_generator: OpenGenerator, path: str) -> None:
    generator = open_generator("/")
    with generator.page.expect_response(f"**{path}") as answer:
        generator.page.goto(f"{generator.base_url}{path}")

    policy = answer.value.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "data:" not in policy


def _listen(page: Page) -> list[Response]:
    """Return the list to which every answer to *page* will be added."""
    answers: list[Response] = []

    def see(answer: Response) -> None:
        answers.append(answer)

    page.on("response", see)
    return answers


def _weight(answer: Response) -> int:
    sizes = answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_a_form_on_a_page_of_another_site_draws_nothing(
    open_page: OpenPage, live_app: LiveApp
) -> None:
    page = open_page()
    form = f'<form method="post" action="{live_app.base_url}/"><button>Send</button></form>'
    page.route(
        "http://localhost:1/", lambda route: route.fulfill(body=form, content_type="text/html")
    )
    page.goto("http://localhost:1/")

    with page.expect_navigation() as answer:
        page.locator("button").click()

    assert answer.value.status == 403
    expect(page.locator("#problem")).to_contain_text("CSRF_TRUSTED_ORIGINS")
