"""Read a QR code from the screen, as a phone does."""

import os
import subprocess

from playwright.sync_api import Page


def scan(page: Page, selector: str = "svg.qr") -> str:
    """Return the text of the QR code that is shown."""
    picture = page.locator(selector).screenshot()
    # Without DISPLAY and a message bus it only warns on stderr.
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-"],
        input=picture, capture_output=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    return done.stdout.decode().removesuffix("\n")
