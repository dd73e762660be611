"""The admin in a browser: nothing for axe-core to find, nothing that overflows, a live preview."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.admin.live import SESSION_COOKIE, manage, session_of_superuser
from tests.browser import axe
from tests.browser.admin_pages import ADMIN_PAGES
from tests.browser.conftest import SharedPage
from tests.conftest import OpenPage
from tests.live import LiveApp

WIDE, NARROW = ViewportSize(width=1280, height=860), ViewportSize(width=375, height=740)
BOTH_SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
LISTS = ("policies", "history", "audit")


@pytest.fixture(scope="module")
def session(live_app: LiveApp) -> str:
    """The session of a superuser."""
    return session_of_superuser(live_app)


@pytest.fixture(scope="module")
def _rows(live_app: LiveApp) -> None:
    """A row in each list."""
    manage(live_app, "generate", "--policy", "memorable-passphrase", "--quiet")
    manage(live_app, "history", "export")  # the audit records it


def _open(
    open_page: OpenPage,
    app: LiveApp,
    session: str,
    path: str,
    *,
    size: ViewportSize = WIDE,
    locale: str = "en-US",
) -> Page:
    page = open_page(viewport=size, reduced_motion="reduce", locale=locale)
    return _visit(page, app, session, path)


def _visit(page: Page, app: LiveApp, session: str, path: str) -> Page:
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": app.base_url}])
    page.goto(f"{app.base_url}{path}")
    return page


@pytest.mark.parametrize("locale", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_every_page_of_ours_is_accessible_and_fits_in_either_theme_and_size(
    shared_page: SharedPage, live_app: LiveApp, session: str, name: str, locale: str
) -> None:
    page = _visit(shared_page(locale), live_app, session, ADMIN_PAGES[name])

    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        found.append((overflow, axe.violations(page)))

    assert found == [(0, []), (0, [])]


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("locale", ["pt-BR", "en-US", "es-ES"])
@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_a_list_is_in_sight(
    shared_page: SharedPage, live_app: LiveApp, session: str, name: str, locale: str
) -> None:
    page = _visit(shared_page(locale), live_app, session, ADMIN_PAGES[name])

    hidden = []
    for width in (1280, 1024):
        page.set_viewport_size({"width": width, "height": 860})
        overflow = page.locator(".results").evaluate("list => list.scrollWidth - list.clientWidth")
        hidden.append(overflow)

    assert hidden == [0, 0]


@BOTH_SIZES
def test_the_code_of_the_second_factor_is_typed_without_scrolling(
    open_page: OpenPage, live_app: LiveApp, session: str, size: ViewportSize
) -> None:
    page = _open(open_page, live_app, session, ADMIN_PAGES["second-factor"], size=size)
    page.locator(".second-factor input[type=submit]").click()

    box = page.locator("svg.qr").bounding_box()

    assert box
    assert box["width"] <= 240
    expect(page.locator("#code")).to_be_in_viewport()
    assert axe.violations(page) == []


def test_the_preview_follows_the_form(open_page: OpenPage, live_app: LiveApp, session: str) -> None:
    page = _open(open_page, live_app, session, "/admin/passwords/policy/add/")
    samples = page.locator("#policy-preview code")

    page.locator("#id_kind").select_option("pin")
    expect(page.locator("#id_words")).to_be_hidden()
    page.locator("#id_length").fill("9")

    expect(samples).to_have_count(5)
    expect(samples.first).to_have_text(re.compile(r"[0-9]{9}"))
    page.locator("#id_length").fill("1")
    expect(page.locator("#policy-preview")).to_contain_text("must be between 3 and 32")


@BOTH_SIZES
@pytest.mark.parametrize("name", ["policy", "revision"])
def test_the_preview_stays_in_sight(
    open_page: OpenPage, live_app: LiveApp, session: str, name: str, size: ViewportSize
) -> None:
    page = _open(open_page, live_app, session, ADMIN_PAGES[name], size=size)
    entropy = page.locator("#policy-preview .bits")

    expect(entropy).to_be_in_viewport()
    page.locator("#id_exclude").focus()
    expect(page.locator("#id_exclude")).to_be_in_viewport(ratio=1)
    expect(entropy).to_be_in_viewport()


def test_the_preview_follows_the_form_of_a_revision(
    open_page: OpenPage, live_app: LiveApp, session: str
) -> None:
    page = _open(open_page, live_app, session, ADMIN_PAGES["revision"])

    page.locator("#id_length").fill("31")

    expect(page.locator("#policy-preview code").first).to_have_text(re.compile(r"^\S{31}$"))


def test_a_bar_of_the_dashboard_leads_to_its_requests(
    open_page: OpenPage, live_app: LiveApp, session: str
) -> None:
    manage(live_app, "generate", "pin", "--quiet")
    page = _open(open_page, live_app, session, ADMIN_PAGES["dashboard"])

    page.locator(".bars a").nth(29).click()

    expect(page.locator("#result_list tbody tr").first).to_contain_text("PIN")
    expect(page).to_have_url(re.compile("created_at__day="))


def test_the_tables_of_the_dashboard_keep_their_words_whole(
    open_page: OpenPage, live_app: LiveApp, session: str
) -> None:
    manage(live_app, "generate", "pin", "--quiet")
    page = _open(
        open_page, live_app, session, ADMIN_PAGES["dashboard"], size=NARROW, locale="pt-BR"
    )

    for summary in page.locator(".chart summary").all():
        summary.click()
    heights = page.locator(".scrolls thead th").evaluate_all(
        "cells => cells.map(cell => cell.getBoundingClientRect().height)"
    )

    assert heights
    assert max(heights) < 40
    assert axe.violations(page) == []
