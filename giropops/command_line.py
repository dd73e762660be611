"""The commands of manage.py, each with one line for a bad setting or a missing database."""

import os
import sys
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

# Options of `generate` that need the models, or that Django reads before its setup.
_NEED_SETUP: Final = ("--policy", "--share", "--settings", "--pythonpath")


def main() -> None:
    """Run the command; a bad setting is one line on stderr and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")
    try:
        if _is_plain_generate(sys.argv):
            _generate(sys.argv)
        else:
            _execute(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"giropops: {error}\n")
        sys.exit(2)


def _execute(argv: list[str]) -> None:
    """Run a command of Django; a database that does not answer is one line and exit code 1."""
    from django.db import OperationalError  # noqa: PLC0415  # `generate` needs no ORM

    try:
        execute_from_command_line(argv)
    except OperationalError as error:
        if "--traceback" in argv:
            raise
        # The first line names the address; the lines after it may quote values of the query.
        reason = str(error).partition("\n")[0]
        sys.stderr.write(f"giropops: the database does not answer: {reason}\n")
        sys.exit(1)


def _is_plain_generate(argv: Sequence[str]) -> bool:
    return argv[1:2] == ["generate"] and not any(
        option.startswith(_NEED_SETUP) for option in argv[2:]
    )


def _generate(argv: Sequence[str]) -> None:
    """Run `generate` without ``django.setup``, which imports the ORM and every app.

    The command does not need them, and they take two thirds of its time (ADR 32).
    """
    from django.apps import apps  # noqa: PLC0415  # only this command needs it
    from django.conf import settings  # noqa: PLC0415  # likewise

    from passwords import own_wordlists  # noqa: PLC0415  # likewise

    own_wordlists.register(settings.WORDLISTS_DIR)  # before the command's options name the lists
    from passwords.management.commands.generate import Command  # noqa: PLC0415  # likewise

    apps.populate([])  # translations need the registry to be ready
    Command().run_from_argv(list(argv))
