"""``manage.py wordlists``: the wordlists for passphrases."""

import json
from typing import Any, Final

from django.core.management.base import CommandParser

from passwords import domain, validation
from passwords.domain import wordlists
from passwords.management.base import BadRequestError, PlainCommand
from passwords.numbers import bits_text
from passwords.records import as_table

_FIELDS: Final = ("name", "language", "words", "bits_per_word", "prefix_free", "licence")


class Command(PlainCommand):
    """List the wordlists, or the words of one."""

    help = "List the wordlists for passphrases, or print the words of one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the name and the format."""
        parser.add_argument("name", nargs="?", help="print the words of this list")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="of the list of lists (text)"
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Print the words of one list, or the table of all lists."""
        if options["name"] is not None:
            self.emit_lines(_words(options["name"]))
        elif options["format"] == "json":
            listed = [dict(zip(_FIELDS, row, strict=True)) for row in _rows()]
            self.emit_lines([json.dumps(listed, indent=2, ensure_ascii=False)])
        else:
            head = ("name", "language", "words", "bits a word", "prefix-free", "licence")
            rows = [
                (
                    name,
                    language or "-",
                    str(words),
                    bits_text(bits),
                    "yes" if prefix_free else "no",
                    licence or "-",
                )
                for name, language, words, bits, prefix_free, licence in _rows()
            ]
            self.emit_lines(as_table([head, *rows]))


def _rows() -> list[tuple[str, str | None, int, float, bool, str | None]]:
    return [
        (
            entry.name,
            entry.language or None,
            entry.size,
            entry.bits_per_word,
            wordlists.is_prefix_code(wordlists.load(entry.name)),
            entry.licence or None,
        )
        for entry in wordlists.WORDLISTS.values()
    ]


def _words(name: str) -> tuple[str, ...]:
    try:
        return wordlists.load(name)
    except domain.RecipeError as error:
        raise BadRequestError("name", validation.translated(error)) from None
