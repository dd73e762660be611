"""Debian's Firefox, which Playwright cannot drive, through Marionette: WebDriver over a socket.

Firefox's own documentation describes the protocol: "Marionette", "Protocol". A message is the
length of a JSON array, a colon and the array.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

from tests.servers import HOST, end, wait_until

# A free port instead of 2828, no requests of Firefox's own, English, and a press of a key or
# button that counts as one only for a moment, so that a test need not wait for 5 s.
_PREFERENCES: Final = {
    "marionette.port": 0,
    "remote.prefs.recommended": True,
    "intl.accept_languages": "en-US",
    "dom.user_activation.transient.timeout": 100,
}
CONTROL: Final = "\ue009"


class FirefoxError(Exception):
    """Firefox refused a command."""


class Firefox:
    """A Firefox without a window, with a profile of its own; leaving the block ends it."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            profile = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            lines = [
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in _PREFERENCES.items()
            ]
            (profile / "user.js").write_text("".join(lines))
            self._process = _spawn(profile)
            stack.callback(end, self._process, polite=signal.SIGTERM)
            port_path = profile / "MarionetteActivePort"
            wait_until(
                lambda: port_path.exists() and port_path.read_text() != "",
                process=self._process,
                log_path=profile / "log",
            )
            connection = socket.create_connection((HOST, int(port_path.read_text())), timeout=30)
            self._socket = stack.enter_context(connection)
            self._answers = stack.enter_context(self._socket.makefile("rb"))
            self._receive()  # its greeting
            self._commands = 0
            self._command("WebDriver:NewSession", capabilities={})
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self._command("WebDriver:Navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; this is no press of a key or button."""
        script = f"return ({expression});"
        return self._command("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait_for(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        script = (
            "const done = arguments[0]; const look = () =>"
            f" ({expression}) ? done() : setTimeout(look, 20); look();"
        )
        self._command("WebDriver:ExecuteAsyncScript", script=script, args=[])

    def click(self, selector: str) -> None:
        """Click an element as a visitor does."""
        found = self._command("WebDriver:FindElement", using="css selector", value=selector)[
            "value"
        ]
        (element,) = found.values()
        self._command("WebDriver:ElementClick", id=element)

    def press(self, *keys: str) -> None:
        """Press keys together, and release them."""
        presses = [{"type": "keyDown", "value": key} for key in keys]
        releases = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        keyboard = {"type": "key", "id": "keyboard", "actions": presses + releases}
        self._command("WebDriver:PerformActions", actions=[keyboard])

    def visit_another_tab(self) -> None:
        """Open another tab, and come back."""
        here = self._command("WebDriver:GetWindowHandle")["value"]
        other = self._command("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        for tab in (other, here):
            self._command("WebDriver:SwitchToWindow", handle=tab, focus=True)

    def _command(self, name: str, **parameters: object) -> Any:
        self._commands += 1
        message = json.dumps([0, self._commands, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise FirefoxError(name, error["error"], error["message"])
        return result

    def _receive(self) -> Any:
        length = b""
        while (character := self._answers.read(1)) != b":":
            length += character
        return json.loads(self._answers.read(int(length)))


def _spawn(profile: Path) -> subprocess.Popen[bytes]:
    with (profile / "log").open("wb") as log:
        return subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", profile],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
