"""The admin in a browser: nothing for axe-core to find, nothing that overflows, a live preview."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.admin.live import SESSION_COOKIE, manage, session_of_superuser
from tests.browser.admin_pages import ADMIN_PAGES
from tests.conftest import OpenPage
from tests.live import LiveApp

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
SIZES = {"1280": (1280, 860), "375": (375, 740)}
LISTS = ("policies", "history", "audit")


@pytest.fixture(scope="module")
def session(live_app: LiveApp) -> str:
    """The session of a superuser."""
    return session_of_superuser(live_app)


def _open(
    open_page: OpenPage, app: LiveApp, session: str, size: str, path: str, *, locale: str = "en-US"
) -> Page:
    columns, rows = SIZES.get(size, (int(size), 860))
    page = open_page(
        viewport={"width": columns, "height": rows},
        color_scheme="light",
        reduced_motion="reduce",
        locale=locale,
    )
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": app.base_url}])
    page.goto(f"{app.base_url}{path}")
    return page


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    # To look into Django's imported style sheets it would need inline styles, which are refused.
    found = page.evaluate("axe.run({ preload: false, resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]


@pytest.mark.parametrize("locale", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_every_page_of_ours_is_accessible_and_fits_in_either_theme(
    open_page: OpenPage, live_app: LiveApp, session: str, *, name: str, size: str, locale: str
) -> None:
    page = _open(open_page, live_app, session, size, ADMIN_PAGES[name], locale=locale)

    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    light = _violations(page)
    page.emulate_media(color_scheme="dark")
    dark = _violations(page)

    assert (overflow, light, dark) == (0, [], [])


@pytest.mark.parametrize("locale", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("size", ["1280", "1024"])
@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_a_list_is_in_sight(
    open_page: OpenPage, live_app: LiveApp, session: str, *, name: str, size: str, locale: str
) -> None:
    manage(live_app, "generate", "--policy", "memorable-passphrase", "--quiet")
    manage(live_app, "history", "export")  # the audit records it
    page = _open(open_page, live_app, session, size, ADMIN_PAGES[name], locale=locale)

    hidden = page.locator(".results").evaluate("list => list.scrollWidth - list.clientWidth")

    assert hidden == 0


@pytest.mark.parametrize("size", SIZES)
def test_the_code_of_the_second_factor_is_typed_without_scrolling(
    open_page: OpenPage, live_app: LiveApp, session: str, size: str
) -> None:
    page = _open(open_page, live_app, session, size, ADMIN_PAGES["second-factor"])
    page.locator(".second-factor input[type=submit]").click()

    box = page.locator("svg.qr").bounding_box()

    assert box
    assert box["width"] <= 240
    expect(page.locator("#code")).to_be_in_viewport()
    assert _violations(page) == []


def test_the_preview_follows_the_form(open_page: OpenPage, live_app: LiveApp, session: str) -> None:
    page = _open(open_page, live_app, session, "1280", "/admin/passwords/policy/add/")
    samples = page.locator("#policy-preview code")

    page.locator("#id_kind").select_option("pin")
    expect(page.locator("#id_words")).to_be_hidden()
    page.locator("#id_length").fill("9")

    expect(samples).to_have_count(5)
    expect(samples.first).to_have_text(re.compile(r"[0-9]{9}"))
    page.locator("#id_length").fill("1")
    expect(page.locator("#policy-preview")).to_contain_text("must be between 3 and 32")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["policy", "revision"])
def test_the_preview_stays_in_sight(
    open_page: OpenPage, live_app: LiveApp, session: str, *, name: str, size: str
) -> None:
    page = _open(open_page, live_app, session, size, ADMIN_PAGES[name])
    entropy = page.locator("#policy-preview .bits")

    expect(entropy).to_be_in_viewport()
    page.locator("#id_exclude").focus()
    expect(page.locator("#id_exclude")).to_be_in_viewport(ratio=1)
    expect(entropy).to_be_in_viewport()


def test_the_preview_follows_the_form_of_a_revision(
    open_page: OpenPage, live_app: LiveApp, session: str
) -> None:
    page = _open(open_page, live_app, session, "1280", ADMIN_PAGES["revision"])

    page.locator("#id_length").fill("31")

    expect(page.locator("#policy-preview code").first).to_have_text(re.compile(r"^\S{31}$"))
