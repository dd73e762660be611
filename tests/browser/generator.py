"""The page of the generator as a visitor uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """The page, with the names of what is on it."""

    page: Page
    base_url: str

    @property
    def secret(self) -> str:
        """The secret that is shown, once there is one."""
        expect(self.page.locator("#secret")).not_to_be_empty()
        return self.page.locator("#secret").text_content() or ""

    @property
    def recents(self) -> list[str]:
        """The values of the recent secrets, newest first, masked or not."""
        return self.page.locator(".recent-value").all_text_contents()

    @property
    def clipboard(self) -> str:
        """What the clipboard holds."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def generate(self) -> str:
        """Press the button, and return the new secret."""
        before = self.page.locator("#secret").text_content()
        self.page.locator("#generate").click()
        return self.next_secret(before)

    def keep(self) -> str:
        """Keep the secret that is shown, and return it."""
        secret = self.secret
        self.page.locator("#keep-secret").click()
        expect(self.page.locator(".recent-value").first).to_have_text(secret)
        return secret

    def generate_and_keep(self) -> str:
        """Generate another secret, keep it, and return it."""
        self.generate()
        return self.keep()

    def choose(self, slug: str) -> str:
        """Choose a preset, and return the new secret."""
        before = self.page.locator("#secret").text_content()
        self.page.locator(f"#preset-{slug}").click()
        return self.next_secret(before)

    def next_secret(self, before: str | None) -> str:
        """Wait for another secret than *before*, and return it."""
        expect(self.page.locator("#secret")).not_to_have_text(before or "")
        return self.secret

    def kind(self, kind: str) -> None:
        """Go to the form of another kind."""
        self.page.locator(f"#kind-{kind}").click()
        expect(self.page.locator(f"#kind-{kind}")).to_have_attribute("aria-current", "page")

    def field(self, name: str) -> Locator:
        """Return a field of the recipe."""
        return self.page.locator(f"#f-{name}")

    def bits(self) -> str:
        """Return the entropy that the page states of the recipe."""
        return self.page.locator("#strength .bits strong").inner_text()
