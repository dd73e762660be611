"""`manage.py share` and `generate --share`: links for the terminal."""

import io
import os
import sqlite3
import subprocess
import sys
import tty
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from passwords import sharing
from passwords.formats.key_pairs import public_half
from passwords.models import AuditEntry, Generation, Share
from passwords.sharing import LinkKey, protocol
from passwords.sharing.errors import NoAesError
from tests.management import program
from tests.management.conftest import Call

URL = ("--url", "https://senhas.example.com")
TEXT = "line one\nline two: çãé 🔑"


class Stdin:
    """A stdin that a test fills."""

    def __init__(self, content: bytes, *, is_terminal: bool = False) -> None:
        self.buffer = io.BytesIO(content)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.fixture
def share(call: Call, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call the command with a stdin; return the lines of stdout, and stderr."""

    def run(*arguments: str, stdin: str | bytes = "", terminal: bool = False) -> Any:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", Stdin(content, is_terminal=terminal))
        stdout, stderr = call("share", *arguments)
        return stdout.splitlines(), stderr

    return run


pytestmark = pytest.mark.django_db


def test_a_text_comes_back_from_its_link(share: Any) -> None:
    lines, stderr = share(*URL, stdin=f"{TEXT}\n")
    link, passphrase = lines

    assert link.startswith("https://senhas.example.com/s#")
    assert len(passphrase.split("-")) == 3
    assert "It can be opened 1 time until" in stderr
    assert Share.objects.get().receipt in stderr
    assert passphrase not in stderr
    opened, _stderr = share("open", stdin="\n".join(lines))
    assert "\n".join(opened) == TEXT
    with pytest.raises(CommandError, match="no such link") as caught:
        share("open", stdin="\n".join(lines))
    assert caught.value.returncode == 1


def test_the_options_are_the_terms_of_the_link(share: Any, settings: Settings) -> None:
    settings.SITE_URL = "https://other.example.com"

    lines, _stderr = share(
        "--expires-in", "12h", "--views", "3", "--passphrase", "none", stdin=TEXT
    )

    (link,) = lines
    assert link.startswith("https://other.example.com/s#")
    made = Share.objects.get()
    assert (made.views_left, made.has_passphrase, made.owner_hash, made.user) == (
        3,
        False,
        "",
        None,
    )
    assert (made.expires_at - made.created_at).total_seconds() == 12 * 3600
    assert AuditEntry.objects.get().channel == "command"


def test_the_url_goes_before_the_setting_and_the_prefix_is_kept(
    share: Any, settings: Settings
) -> None:
    settings.SITE_URL = "https://other.example.com"
    settings.URL_PREFIX = "/giropops"

    lines, _stderr = share(*URL, "--passphrase", "digits", stdin=TEXT)

    assert lines[0].startswith("https://senhas.example.com/giropops/s#")
    assert len(lines[1]) == 6


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        ([], "--url"),
        (["--url", "senhas.example.com"], "--url"),
        (["--url", "https://senhas.example.com/path"], "--url"),
        ([*URL, "--views", "0"], "--views"),
        ([*URL, "--views", "many"], "--views"),
        ([*URL, "--expires-in", "4m"], "--expires-in"),
        ([*URL, "--expires-in", "31d"], "--expires-in"),
        ([*URL, "--expires-in", "soon"], "--expires-in"),
        ([*URL, "--passphrase", "mine"], "--passphrase"),
    ],
)
def test_a_wrong_option_is_named(share: Any, arguments: list[str], option: str) -> None:
    with pytest.raises(CommandError, match=rf"^{option}: ") as caught:
        share(*arguments, stdin=TEXT)

    assert caught.value.returncode == 2
    assert not Share.objects.exists()


@pytest.mark.parametrize("stdin", ["", "\n", b"\xff", "x" * 10_001, "🔑" * 10_001])
def test_a_text_that_cannot_be_sealed_is_refused(share: Any, stdin: str | bytes) -> None:
    with pytest.raises(CommandError, match=r"^stdin: ") as caught:
        share(*URL, stdin=stdin)

    assert caught.value.returncode == 2


@pytest.mark.parametrize("character", ["x", "ç", "語", "🔑"])
def test_a_text_of_any_script_is_called_too_long(share: Any, character: str) -> None:
    with pytest.raises(CommandError, match=r"^stdin: must have at most 10000 characters$"):
        share(*URL, stdin=character * 50_000)


HOSTILE = "a\tb\r\n\x1b]52;c;ZXZpbA==\x07\x9b2J\rü 🔑\x00\x7f"


def test_a_terminal_gets_control_characters_only_as_text(
    share: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link,), _stderr = share(*URL, "--passphrase", "none", stdin=HOSTILE)
    monkeypatch.setattr(sys, "stdin", Stdin(link.encode()))
    screen, terminal = os.openpty()
    tty.setraw(terminal)  # otherwise it changes the end of a line itself
    stderr = io.StringIO()

    with os.fdopen(screen, "rb", buffering=0) as shown, os.fdopen(terminal, "w") as stdout:
        call_command("share", "open", stdout=stdout, stderr=stderr)
        text = shown.read(1000).decode()

    assert text == "a\tb\r\n\\x1b]52;c;ZXZpbA==\\x07\\x9b2J\\x0dü 🔑\\x00\\x7f\n"
    assert stderr.getvalue().startswith("Control characters are shown as \\x")


def test_a_pipe_gets_every_character(share: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (link,), _stderr = share(*URL, "--passphrase", "none", stdin=HOSTILE)
    monkeypatch.setattr(sys, "stdin", Stdin(link.encode()))
    reading, writing = os.pipe()

    with os.fdopen(reading, "rb", buffering=0) as got, os.fdopen(writing, "w") as stdout:
        call_command("share", "open", stdout=stdout)

        assert got.read(1000).decode() == f"{HOSTILE}\n"


def test_the_longest_text_is_taken(share: Any) -> None:
    longest = "🔑" * 10_000

    (link,), _stderr = share(*URL, "--passphrase", "none", stdin=f"{longest}\n")

    assert share("open", stdin=link)[0] == [longest]


def test_a_wrong_passphrase_says_how_many_attempts_are_left(share: Any) -> None:
    (link, passphrase), _stderr = share(*URL, stdin=TEXT)

    with pytest.raises(CommandError, match="9 attempts are left") as caught:
        share("open", stdin=f"{link}\nother-words\n")
    assert caught.value.returncode == 1
    with pytest.raises(CommandError, match=r"^passphrase: ") as caught:
        share("open", stdin=link)
    assert caught.value.returncode == 2
    assert share("open", stdin=f"{link}\n{passphrase}\n")[0] == TEXT.splitlines()


def test_on_a_terminal_the_command_prompts_for_the_passphrase(
    share: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link, passphrase), _stderr = share(*URL, stdin=TEXT)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: passphrase)

    assert share("open", stdin=f"{link}\n", terminal=True)[0] == TEXT.splitlines()


@pytest.mark.parametrize("stdin", ["", "https://senhas.example.com/s", "x" * 43 + "\n", b"\xff"])
def test_what_is_no_link_is_refused(share: Any, stdin: str | bytes) -> None:
    with pytest.raises(CommandError, match=r"^link: ") as caught:
        share("open", stdin=stdin)

    assert caught.value.returncode == 2


def test_the_list_has_all_links_and_no_secret(share: Any) -> None:
    (link, passphrase), _stderr = share(*URL, stdin=TEXT)
    share("open", stdin=f"{link}\n{passphrase}")
    share(*URL, "--views", "2", stdin=TEXT)

    (head, live, opened), _stderr = share("list")

    assert head.split()[:2] == ["receipt", "state"]
    assert live.split()[1] == "live"
    assert opened.split()[1] == "opened"
    for value in (link, passphrase, LinkKey.parse(link).share_id.hex()):
        assert value not in live + opened


def test_an_empty_list_has_only_a_head(share: Any) -> None:
    lines, _stderr = share("list")

    assert len(lines) == 1


def test_any_link_can_be_revoked(share: Any) -> None:
    (link, _passphrase), _stderr = share(*URL, stdin=TEXT)

    share("revoke", Share.objects.get().receipt)

    assert Share.objects.get().state == "revoked"
    with pytest.raises(CommandError, match="no such link"):
        share("open", stdin=link)
    for unknown in ("0" * 32, "\0", "\ud800"):
        with pytest.raises(CommandError, match=r"^RECEIPT: ") as caught:
            share("revoke", unknown)
        assert caught.value.returncode == 2


def test_where_links_are_off_none_is_made(share: Any, settings: Settings) -> None:
    settings.SHARES = "off"

    with pytest.raises(CommandError, match="not allowed") as caught:
        share(*URL, stdin=TEXT)

    assert caught.value.returncode == 1


def test_a_processor_without_aes_is_reported(share: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> bytes:
        raise NoAesError

    monkeypatch.setattr(protocol, "seal", refuse)

    with pytest.raises(CommandError, match="AES"):
        share(*URL, stdin=TEXT)


# --- generate --share -----------------------------------------------------------------------------


def test_a_secret_is_drawn_into_a_link_and_not_shown(call: Call) -> None:
    stdout, stderr = call("generate", "pin", "--length", "12", "--share", *URL)

    link, passphrase = stdout.splitlines()
    opened = sharing.open_text(key=LinkKey.parse(link), passphrase=passphrase)
    assert len(opened.text) == 12
    assert opened.text not in stdout + stderr
    row = Generation.objects.get()
    assert (row.kind, row.count, row.channel) == ("pin", 1, "command")


def test_the_public_half_of_a_shared_key_is_on_stderr(call: Call) -> None:
    stdout, stderr = call("generate", "token", "--encoding", "age", "--share", *URL)

    link, passphrase = stdout.splitlines()
    opened = sharing.open_text(key=LinkKey.parse(link), passphrase=passphrase)
    assert f"no secret: {public_half('age', opened.text)}\n" in stderr
    assert opened.text not in stdout + stderr


def test_quiet_leaves_only_the_link(call: Call) -> None:
    stdout, stderr = call("generate", "--share", *URL, "--passphrase", "none", "--quiet")

    assert len(stdout.splitlines()) == 1
    assert stderr == ""


def test_a_policy_can_be_shared(call: Call) -> None:
    stdout, _stderr = call("generate", "--policy", "wifi", "--share", *URL)

    assert len(stdout.splitlines()) == 2
    assert Generation.objects.get().policy_slug == "wifi"


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["--share", *URL, "--count", "2"], "--count"),
        (["--share", *URL, "--format", "json"], "--format"),
        (["--share"], "--url"),
        (["--views", "2"], "--views"),
        (["--expires-in", "1d"], "--expires-in"),
        (["--url", "https://senhas.example.com"], "--url"),
        (["--passphrase", "none"], "--passphrase"),
    ],
)
def test_options_that_do_not_go_together_are_named(
    call: Call, arguments: list[str], option: str
) -> None:
    with pytest.raises(CommandError, match=rf"^{option}: ") as caught:
        call("generate", *arguments)

    assert caught.value.returncode == 2
    assert not Share.objects.exists()
    assert not Generation.objects.exists()


# --- As programs ----------------------------------------------------------------------------------


def run(*arguments: str, own: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=program.ROOT,
        env=program.environment(own),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=program.TIMEOUT_SECONDS,
        check=False,
    )


def test_the_programs_share_and_open_through_a_pipe(own_database: dict[str, str]) -> None:
    made = run("share", *URL, own=own_database, stdin=f"{TEXT}\n")
    drawn = run("generate", "--share", *URL, own=own_database)

    opened = run("share", "open", own=own_database, stdin=made.stdout)
    again = run("share", "open", own=own_database, stdin=made.stdout)
    secret = run("share", "open", own=own_database, stdin=drawn.stdout)

    assert (made.returncode, opened.returncode, opened.stdout) == (0, 0, f"{TEXT}\n")
    assert (again.returncode, again.stdout) == (1, "")
    assert (secret.returncode, len(secret.stdout)) == (0, 21)
    path = own_database["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as database:
        states = database.execute("SELECT state, payload FROM passwords_share").fetchall()
    assert states == [("opened", None)] * 2


def test_without_a_database_one_line_says_so(no_database: dict[str, str]) -> None:
    for arguments in (("share", *URL), ("share", "list"), ("generate", "--share", *URL)):
        ended = run(*arguments, own=no_database, stdin=TEXT)

        assert ended.returncode == 1
        assert ended.stdout == ""
        assert len(ended.stderr.splitlines()) == 1
