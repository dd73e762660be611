"""Copying in Firefox, which clears the clipboard only at a click or key press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser.firefox import CONTROL, Firefox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live import LiveApp

CLEARING = "After 1 s, your next click or key press here clears the clipboard."
CLEARED = "The clipboard no longer holds the secret."
YOURSELF = "The clipboard may still hold the secret: clear it after pasting."


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    with Firefox() as firefox:
        yield firefox


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A page from which a secret has just been copied, to be cleared after a second."""

    firefox: Firefox
    secret: str

    @property
    def notice(self) -> str:
        """What the page says about the clipboard."""
        return str(self.firefox.evaluate("document.querySelector('#clipboard p').innerText"))

    @property
    def clipboard(self) -> str:
        """What Ctrl+V pastes into a field."""
        self.firefox.evaluate(
            "void (document.querySelector('.more').open = true,"
            " document.getElementById('f-exclude').value = '',"
            " document.getElementById('f-exclude').removeAttribute('maxlength'),"
            " document.getElementById('f-exclude').focus())"
        )
        self.firefox.press(CONTROL, "v")
        return str(self.firefox.evaluate("document.getElementById('f-exclude').value"))

    def let_the_time_pass(self) -> None:
        """Wait until the page has tried to clear the clipboard."""
        self.firefox.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))")

    def wait_for_the_clearing(self) -> None:
        """Wait until the page says that the clipboard is cleared."""
        self.firefox.wait_for(f"document.querySelector('#clipboard p').innerText === '{CLEARED}'")


@pytest.fixture
def copied(firefox: Firefox, live_app: LiveApp) -> Copied:
    firefox.open(f"{live_app.base_url}/")
    firefox.evaluate("document.getElementById('clipboard').dataset.seconds = 1")
    firefox.click("#copy")
    firefox.wait_for("!document.getElementById('clipboard').hidden")
    secret = firefox.evaluate("document.getElementById('secret').textContent")
    return Copied(firefox=firefox, secret=str(secret))


def test_a_copied_secret_joins_the_recent_ones(copied: Copied) -> None:
    copied.firefox.wait_for(
        "document.querySelector('.recent-value')?.textContent"
        " === document.getElementById('secret').textContent"
    )


def test_the_page_promises_no_clearing_without_a_press(copied: Copied) -> None:
    assert CLEARING in copied.notice

    copied.let_the_time_pass()

    assert CLEARING in copied.notice
    assert copied.clipboard == copied.secret


def test_the_next_key_press_after_the_time_clears_the_clipboard(copied: Copied) -> None:
    copied.let_the_time_pass()

    copied.firefox.press("x")

    copied.wait_for_the_clearing()
    assert copied.clipboard == ""


def test_the_next_click_after_the_time_clears_the_clipboard(copied: Copied) -> None:
    copied.let_the_time_pass()

    copied.firefox.click("#result-title ~ .stage")

    copied.wait_for_the_clearing()
    assert copied.clipboard == ""


def test_a_page_that_was_left_does_not_clear_what_may_be_of_others(copied: Copied) -> None:
    copied.firefox.visit_another_tab()
    copied.let_the_time_pass()

    copied.firefox.press("x")

    assert YOURSELF in copied.notice
    assert copied.clipboard == copied.secret


def test_the_visitor_clears_it_after_pasting_elsewhere(copied: Copied) -> None:
    copied.firefox.visit_another_tab()

    copied.firefox.click("#clear-now")

    copied.wait_for_the_clearing()
    assert copied.clipboard == ""


def test_what_was_copied_by_hand_on_the_page_stays(copied: Copied) -> None:
    copied.firefox.evaluate("getSelection().selectAllChildren(document.querySelector('.brand'))")
    copied.firefox.press(CONTROL, "c")
    copied.let_the_time_pass()

    copied.firefox.press("x")

    assert YOURSELF in copied.notice
    assert copied.clipboard.strip() == "Giropops Senhas"
