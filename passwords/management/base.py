"""What all commands share: bytes on stdout, one line on stderr for a fault, and an exit code.

0 is done, 1 failed, 2 a request that cannot be right. A pipe whose reader went away ends a command
with 141 and Ctrl-C with 130: what a shell reports for a program that SIGPIPE or SIGINT ended.
"""

import logging
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.db import DatabaseError, connections
from django.utils import translation
from django.utils.translation import get_supported_language_variant, gettext

BAD_REQUEST: Final = 2
# POSIX.1-2017, XCU 2.8.2: more than 128 for a command that a signal ended; shells add its number.
BROKEN_PIPE: Final = 128 + signal.SIGPIPE
INTERRUPTED: Final = 128 + signal.SIGINT

# The variables that name the language of messages, the strongest first (POSIX.1-2017, XBD 8.2).
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


class BadRequestError(CommandError):
    """What was asked for cannot be right; the message names the *option* at fault."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message}", returncode=BAD_REQUEST)


class _OutputError(CommandError):
    """Stdout takes no more, though its reader is there: a full disk."""


class PlainCommand(BaseCommand):
    """A command whose stdout holds nothing but its result, so that ``$(manage.py …)`` works."""

    # A command answers for what it needs itself; most of the checks are about serving pages.
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]  # the stubs' is no ClassVar

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return a parser that takes no abbreviations: a new option must not break a script."""
        return super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Run as a program, in the language of the terminal."""
        # What goes wrong a command says itself: the warnings of the log would say it once more.
        logging.getLogger("passwords").setLevel(logging.ERROR)
        with translation.override(terminal_language(os.environ)):
            code = self._run(argv)
        if code:
            sys.exit(code)

    def emit(self, chunks: Iterable[bytes]) -> None:
        """Write *chunks* to stdout as they are, each when it comes."""
        binary = getattr(self.stdout, "buffer", None)
        if binary is None:  # a caller's text stream
            for chunk in chunks:
                self.stdout.write(chunk.decode(), ending="")
            return
        for chunk in chunks:
            with _writing():
                binary.write(chunk)
        with _writing():
            binary.flush()

    def emit_lines(self, lines: Iterable[str]) -> None:
        """Write *lines* to stdout, each with a newline at its end."""
        self.emit(f"{line}\n".encode() for line in lines)

    def remark(self, sentence: str) -> None:
        """Write a *sentence* to stderr that is no fault: without the colour of one."""
        self.stderr.write(sentence, style_func=str)

    def draw(self, text: str) -> None:
        """Write *text*, which may be no whole line, to stderr at once."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def _run(self, argv: Sequence[str]) -> int:
        """Return the exit code."""
        try:
            self.execute(**self._parse(argv))
        except CommandError as error:
            if "--traceback" in argv:
                raise
            if isinstance(error, _OutputError):
                _discard_stdout()
            self.stderr.write(str(error))
            return error.returncode
        except BrokenPipeError:
            _discard_stdout()
            return BROKEN_PIPE
        except KeyboardInterrupt:
            _discard_stdout()
            return INTERRUPTED
        finally:
            connections.close_all()
        return 0

    def _parse(self, argv: Sequence[str]) -> dict[str, Any]:
        # Unless it is told that it was called from the command line (as Django's own
        # `run_from_argv` does), the parser raises its errors, and prints no usage.
        parser = self.create_parser(argv[0], argv[1])
        try:
            return vars(parser.parse_args(argv[2:]))
        except CommandError as error:
            raise CommandError(_one_line(error), returncode=BAD_REQUEST) from None


def require_keys(*names: str) -> None:
    """Refuse to go on with keys that only this process has.

    Args:
        names: the settings of the keys that the command works with.

    Raises:
        CommandError: names all keys that are not set.
    """
    if settings.MADE_KEYS_PROBLEM and set(names) & set(settings.MADE_KEYS):
        raise CommandError(
            gettext(
                "Set %(names)s to the server's values: this command cannot read the keys that the"
                " server made (%(problem)s). `recents new-key` draws a key."
            )
            % {"names": ", ".join(settings.MADE_KEYS), "problem": settings.MADE_KEYS_PROBLEM},
            returncode=BAD_REQUEST,
        )


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return which of our languages the locale variables ask for; English if none of them."""
    locale = next(filter(None, map(environment.get, _LOCALE_VARIABLES)), "")
    language = locale.partition(".")[0].partition("@")[0].replace("_", "-").lower()
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return "en"


def number(text: str) -> int | float | str:
    """Return the number that *text* is, or the text: the domain refuses it on its field."""
    for parse in (int, float):
        try:
            return parse(text)
        except ValueError:
            continue
    return text


def database_exists() -> bool:
    """Whether there is a database to ask: SQLite would make an empty file of a missing one."""
    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    return "sqlite" not in database["ENGINE"] or "mode=memory" in name or Path(name).exists()


@contextmanager
def database() -> Iterator[None]:
    """Let a database that is not there, or not ready, end the command with one line.

    Raises:
        CommandError: in place of Django's errors.
    """
    if not database_exists():
        raise CommandError(gettext("There is no database yet: run `manage.py migrate`."))
    try:
        yield
    except DatabaseError as error:
        message = gettext(
            "The database does not respond or has no tables (%(error)s): check DATABASE_URL,"
            " and run `manage.py migrate`."
        )
        raise CommandError(message % {"error": type(error).__name__}) from None


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        message = gettext("The output cannot be written: %(reason)s.")
        raise _OutputError(message % {"reason": error.strerror}) from None


def _discard_stdout() -> None:
    """Send what is still buffered nowhere: the interpreter's last flush would fail once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _one_line(error: CommandError) -> str:
    """Return what argparse says of an option as the domain's faults are said: its name first."""
    text = str(error).removeprefix("Error: ").removeprefix("argument ")
    return " ".join(text.split())
