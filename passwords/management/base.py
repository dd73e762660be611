"""The base of the commands: the result on stdout, one line on stderr for an error, an exit code.

0 means done, 1 failed, 2 a bad request. If the reader of a pipe has ended, the code is 141, and
after Ctrl-C 130: what a shell reports for a program that SIGPIPE or SIGINT ended.
"""

import logging
import os
import re
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

# The variables for the language of messages, by priority (POSIX.1-2017, XBD 8.2).
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


# C0 and C1 (ECMA-48) and DEL, without the tab and the end of a line.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")


class BadRequestError(CommandError):
    """An option is not valid; the message names the *option*."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message}", returncode=BAD_REQUEST)


class PlainCommand(BaseCommand):
    """A command that writes only its result to stdout, so that ``$(manage.py …)`` works."""

    # Most checks are about serving pages; each command checks what it needs itself.
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]  # the stubs' is no ClassVar

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return a parser without abbreviations: a new option must not break a script."""
        return super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Run as a program, in the language of the terminal."""
        # The command itself reports errors: warnings in the log would repeat them.
        logging.getLogger("passwords").setLevel(logging.ERROR)
        with translation.override(terminal_language(os.environ)):
            code = self._run(argv)
        if code:
            sys.exit(code)

    def emit(self, chunks: Iterable[bytes]) -> None:
        """Write each of the *chunks* to stdout at once."""
        binary = getattr(self.stdout, "buffer", None)
        if binary is None:  # the text stream of a caller
            for chunk in chunks:
                self.stdout.write(chunk.decode(), ending="")
            return
        for chunk in chunks:
            with _writing():
                binary.write(chunk)
        with _writing():
            binary.flush()

    def emit_lines(self, lines: Iterable[str]) -> None:
        """Write *lines* to stdout, each with a newline."""
        self.emit(f"{line}\n".encode() for line in lines)

    def emit_text(self, text: str) -> None:
        """Write somebody's *text* to stdout; a terminal gets no control characters from it.

        They could move the cursor, or have the terminal do something. A pipe gets all bytes.
        """
        if self.stdout.isatty():
            text, count = _CONTROLS.subn(lambda found: f"\\x{ord(found[0]):02x}", text)
            if count:
                self.remark(
                    gettext("Control characters are shown as \\x…: a pipe gets them as they are.")
                )
        self.emit_lines([text])

    def remark(self, sentence: str) -> None:
        """Write a *sentence* to stderr, without the colour of an error."""
        self.stderr.write(sentence, style_func=str)

    def draw(self, text: str) -> None:
        """Write *text*, without a newline, to stderr at once."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def _run(self, argv: Sequence[str]) -> int:
        """Return the exit code."""
        try:
            self.execute(**self._parse(argv))
        except CommandError as error:
            if "--traceback" in argv:
                raise

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
        # Django's own `run_from_argv` tells the parser that it was called from the command line.
        # Without that, the parser raises its errors and does not print the usage.
        parser = self.create_parser(argv[0], argv[1])
        try:
            return vars(parser.parse_args(argv[2:]))
        except CommandError as error:
            # One line that starts with the option, like the errors of the domain.
            text = str(error).removeprefix("Error: ").removeprefix("argument ")
            raise CommandError(" ".join(text.split()), returncode=BAD_REQUEST) from None


def require_keys(*names: str) -> None:
    """Raise a CommandError if one of the keys *names* was made for this process only."""
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
    """Return the app's language for the locale variables; English if there is none."""
    locale = next(filter(None, map(environment.get, _LOCALE_VARIABLES)), "")
    language = locale.partition(".")[0].partition("@")[0].replace("_", "-").lower()
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return "en"


def number(text: str) -> int | float | str:
    """Return *text* as a number, or unchanged: then the domain refuses it."""
    for parse in (int, float):
        try:
            return parse(text)
        except ValueError:
            continue
    return text


def database_exists() -> bool:
    """Whether there is a database; SQLite would create an empty file for a missing one."""
    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    return "sqlite" not in database["ENGINE"] or "mode=memory" in name or Path(name).exists()


@contextmanager
def database() -> Iterator[None]:
    """Raise a CommandError if the database is missing, does not answer or has no tables."""
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
    except OSError as error:  # such as a full disk
        _discard_stdout()
        message = gettext("The output cannot be written: %(reason)s.")
        raise CommandError(message % {"reason": error.strerror}) from None


def _discard_stdout() -> None:
    """Redirect buffered output to /dev/null: the flush at the interpreter's end would fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
