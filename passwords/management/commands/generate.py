"""``manage.py generate``: secrets on stdout, and nothing else there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext

from passwords import domain, services, validation
from passwords.formats import ENCODERS
from passwords.management.base import BadRequestError, PlainCommand, database, number
from passwords.management.progress import with_progress
from passwords.models import Surface

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.management.base import CommandParser

    from passwords.formats import Row
    from passwords.validation import SecretRequest

MAX_COUNT: Final = 10_000_000
FIELDS: Final = ("value", "kind", "entropy_bits")

# Everything that makes the request; an option left out is left out of it, and the domain has the
# defaults.
_REQUEST: Final = frozenset({"kind", "policy", "count"}).union(
    *map(domain.parameter_names, domain.RECIPES)
)
# The options that say the opposite of their field. `--no-symbols` is said for itself below.
_NEGATIVE: Final = frozenset({"lowercase", "uppercase", "digits", "repeats_or_runs"})


class Command(PlainCommand):
    """Draw secrets; needs no Redis, and no database but for ``--policy``."""

    help = (
        "Draw passwords, passphrases, PINs or tokens: one a line on stdout, and what else there is"
        " to say on stderr. They are kept nowhere; the history gets one row for the request."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a kind and the options of all kinds: the domain says which go together."""
        parser.add_argument(
            "kind",
            nargs="?",
            default=argparse.SUPPRESS,
            help=f"{', '.join(domain.RECIPES)}; {validation.DEFAULT_KIND} when left out",
        )
        _add_strength(parser)
        _add_characters(parser)
        _add_passphrase(parser)
        _add_pin_and_token(parser)
        _add_request(parser)

    def handle(self, *_args: str, **options: Any) -> None:
        """Record the request, say how strong the secrets are, and draw them."""
        wanted = _read(options)
        recorded = services.database_exists() and services.record(
            recipe=wanted.recipe,
            owner=None,
            surface=Surface.COMMAND,
            count=wanted.count,
            policy=wanted.policy,
        )
        if not options["quiet"]:
            self.remark(
                gettext("Entropy of each: %(bits).1f bits.") % {"bits": wanted.recipe.entropy_bits}
            )
            if not recorded:
                self.remark(gettext("There is no database at hand: not recorded in the history."))
        chunks = services.stream(recipe=wanted.recipe, count=wanted.count)
        # On one and the same terminal the bar and the secrets would write over each other.
        if self.stderr.isatty() and not self.stdout.isatty() and not options["quiet"]:
            chunks = with_progress(chunks, wanted.count, draw=self.draw)
        self.emit(_formatted(chunks, options["format"], wanted))


def _add_strength(parser: CommandParser) -> None:
    group = parser.add_argument_group("strength: how long, or how many bits")
    _add_number(group, "--length", "characters (4 to 256; 20) or digits of a PIN (3 to 32; 6)")
    _add_number(group, "--bits", "the shortest secret with this entropy (1 to 2048)")


def _add_characters(parser: CommandParser) -> None:
    group = parser.add_argument_group("characters")
    for name in ("lowercase", "uppercase", "digits"):
        _add_choice(group, f"--no-{name}", f"no {name}", action="store_false", dest=name)
    symbols = group.add_mutually_exclusive_group()
    _add_choice(symbols, "--symbols", "these symbols only", metavar="SET")
    _add_choice(symbols, "--no-symbols", "no symbols", action="store_false", dest="symbols")
    for name in ("lowercase", "uppercase", "digits", "symbols"):
        _add_number(group, f"--min-{name}", f"at least so many {name} (1; 0 if there are none)")
    _add_choice(
        group, "--exclude-lookalikes", "none of I l 1 | O 0 o and the like", action="store_true"
    )
    _add_choice(group, "--exclude", "none of these characters", metavar="CHARS")


def _add_passphrase(parser: CommandParser) -> None:
    group = parser.add_argument_group("passphrase")
    _add_number(group, "--words", "3 to 24; 6")
    _add_choice(group, "--separator", "between the words (-)", metavar="S")
    _add_choice(
        group, "--capitalize", "none, the first letter of each word, or one random word whole",
        metavar="none|first|one",
    )  # fmt: skip
    _add_choice(
        group, "--insert", "nothing, a random digit or a random symbol after one random word",
        metavar="none|digit|symbol",
    )  # fmt: skip
    _add_choice(group, "--wordlist", "see `manage.py wordlists` (eff-large)", metavar="NAME")


def _add_pin_and_token(parser: CommandParser) -> None:
    pin = parser.add_argument_group("pin")
    _add_choice(
        pin, "--no-repeats-or-runs", "no PIN such as 0000, 1212, 1234 or 9876",
        action="store_false", dest="repeats_or_runs",
    )  # fmt: skip
    token = parser.add_argument_group("token")
    _add_number(token, "--bytes", "random bytes (16 to 1024; 32)")
    _add_choice(
        token, "--encoding", "how they are written (base64url)",
        metavar="hex|base32|base64url|uuid4|django",
    )  # fmt: skip


def _add_request(parser: CommandParser) -> None:
    group = parser.add_argument_group("request and output")
    _add_choice(
        group, "--policy", "a named recipe of the database, in place of the above", metavar="SLUG"
    )
    _add_number(group, "--count", f"how many secrets (1 to {MAX_COUNT}; 1)")
    group.add_argument(
        "--format", choices=["text", *ENCODERS], default="text", help="of stdout (text)"
    )
    group.add_argument("--quiet", action="store_true", help="nothing on stderr but faults")


def _add_number(group: argparse._ActionsContainer, option: str, meaning: str) -> None:
    _add_choice(group, option, meaning, type=number, metavar="N")


def _add_choice(group: argparse._ActionsContainer, option: str, meaning: str, **how: Any) -> None:
    group.add_argument(option, default=argparse.SUPPRESS, help=meaning, **how)


def _read(options: dict[str, Any]) -> SecretRequest:
    values = {name: value for name, value in options.items() if name in _REQUEST}
    try:
        if "policy" in values:
            with database():
                return validation.read(values, max_count=MAX_COUNT)
        return validation.read(values, max_count=MAX_COUNT)
    except validation.InvalidRequestError as error:
        ((field, (message,)),) = error.errors.items()
        raise BadRequestError(_option(field, values), message) from None


def _option(field: str, values: dict[str, Any]) -> str:
    """Return how the command line writes *field*."""
    if field == "kind":
        return field
    name = field.replace("_", "-")
    negative = field in _NEGATIVE or (field == "symbols" and values.get(field) is False)
    return f"--no-{name}" if negative else f"--{name}"


def _formatted(chunks: Iterable[bytes], format_name: str, wanted: SecretRequest) -> Iterable[bytes]:
    """Return the lines as they are, which is fast, or a document with a record for each."""
    if format_name == "text":
        return chunks
    return ENCODERS[format_name](FIELDS, _batches(chunks, wanted))


def _batches(chunks: Iterable[bytes], wanted: SecretRequest) -> Iterator[Iterable[Row]]:
    kind, entropy_bits = wanted.recipe.kind, wanted.recipe.entropy_bits
    for chunk in chunks:
        yield [(value, kind, entropy_bits) for value in chunk.decode("ascii").splitlines()]
