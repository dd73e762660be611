"""docs/commands.md has every command and every option, and examples that work."""

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import BaseCommand, get_commands, load_command_class

from passwords.management.base import PlainCommand
from tests.management import program

COMMANDS = sorted(name for name, app in get_commands().items() if app == "passwords")


@cache
def _sections() -> dict[str, str]:
    """Return the text below each heading of a command, up to the next heading."""
    text = (program.ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _options(parser: argparse.ArgumentParser, command: str) -> Iterator[tuple[str, str]]:
    """Yield each command or subcommand with each option of its own."""
    common = BaseCommand().create_parser("manage.py", "any")._option_string_actions
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, subparser in action.choices.items():
                yield from _options(subparser, f"{command} {name}")
        else:
            own = [option for option in action.option_strings if option not in common]
            yield from ((command, option) for option in own)


def _all_options() -> list[tuple[str, str]]:
    return [
        found
        for command in COMMANDS
        if isinstance(load_command_class("passwords", command), PlainCommand)  # not Django's own
        for found in _options(_parser(command), command)
    ]  # fmt: skip


def _parser(command: str) -> Any:
    return load_command_class("passwords", command).create_parser("manage.py", command)


def test_the_commands_are_all_there() -> None:
    modules = Path(program.ROOT, "passwords/management/commands").glob("[!_]*.py")

    assert sorted(module.stem for module in modules) == COMMANDS
    assert _sections().keys() >= set(COMMANDS)


@pytest.mark.parametrize(("command", "option"), _all_options())
def test_every_option_has_a_row_with_an_example(command: str, option: str) -> None:
    (row,) = re.findall(rf"^\| `{option}[ `].*$", _sections()[command], flags=re.MULTILINE)

    assert re.search(rf"`{command} [^`]*{option}\b[^`]*` \|$", row)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_row_is_about_an_option_that_is_gone(command: str) -> None:
    real = set(_all_options())
    documented = {
        (section, option)
        for section, text in _sections().items()
        if section.split()[0] == command
        for option in re.findall(r"^\| `(--[a-z-]+)", text, flags=re.MULTILINE)
    }

    assert documented <= real


def test_every_example_of_generate_is_accepted() -> None:
    examples = re.findall(r"`generate ([^`]*)` \|$", _sections()["generate"], flags=re.MULTILINE)

    for example in examples:
        _parser("generate").parse_args(shlex.split(example))
    assert len(examples) >= 20
