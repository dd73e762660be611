"""``manage.py generate``: write secrets to stdout, and everything else to stderr."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from passwords import domain, formats, history, validation
from passwords.domain import Recipe
from passwords.formats import WrittenAs, drawing
from passwords.management import sharing_options
from passwords.management.base import (
    BadRequestError,
    PlainCommand,
    database,
    database_exists,
    number,
    require_keys,
)
from passwords.management.progress import with_progress
from passwords.numbers import bits_text
from passwords.parameters import BY_NAME, FORMAT_PARAMETERS, PARAMETERS, Parameter
from passwords.records import ENCODERS
from passwords.validation import SecretRequest

MAX_COUNT: Final = 10_000_000
MAX_WRITTEN: Final = 10_000
"""The most secrets with ``--as``."""
# The value of ``models.Channel.COMMAND``: importing the models is slow.
_CHANNEL: Final = "command"
# More threads are not faster: they wait for each other.
_THREADS: Final = 2
FIELDS: Final = ("value", "kind", "entropy_bits")

# The options that describe the request. Those left out have the defaults of the domain.
_REQUEST: Final = frozenset({"kind", "policy", "count", *BY_NAME})
# Before the names of the options of formats, among those of all kinds.
_OF_FORMAT: Final = "format."
_METAVARS: Final = {"integer": "N", "number": "N", "symbols": "SET", "text": "TEXT"}


class Command(PlainCommand):
    """Draw secrets; it needs no Redis, and a database only for ``--policy``."""

    help = (
        "Draw passwords, passphrases, PINs, tokens or secrets of a pattern: one per line on stdout,"
        " messages on stderr."
        " Secrets are not stored; the history gets one row for the request."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the kind and the options of all kinds; the domain checks which fit together."""
        parser.add_argument(
            "kind",
            nargs="?",
            default=argparse.SUPPRESS,
            help=f"{', '.join(domain.RECIPES)}; {validation.DEFAULT_KIND} when left out",
        )
        groups = {kind: parser.add_argument_group(kind) for kind in PARAMETERS}
        shared = parser.add_argument_group("several kinds")
        for parameters in BY_NAME.values():
            kinds = [kind for kind, known in PARAMETERS.items() if parameters[0].name in known]
            group = groups[kinds[0]] if len(kinds) == 1 else shared
            _add_parameter(group, parameters[0], _meaning(kinds, parameters))
        _add_request(parser)
        _add_formats(parser)

    def handle(self, *_args: str, **options: Any) -> None:
        """Record the request, write the strength to stderr, and draw the secrets."""
        wanted = _read(options)
        if options["share"]:
            self._share(wanted, options)
            return
        if option := sharing_options.given(options):
            raise BadRequestError(option, gettext("needs --share"))
        if wanted.written_as and options["format"] != "text":
            raise BadRequestError("--format", gettext("must be text or left out beside --as"))
        recorded = database_exists() and history.record(
            recipe=wanted.recipe,
            owner=None,
            channel=_CHANNEL,
            count=wanted.count,
            policy=wanted.policy,
        )
        if not options["quiet"]:
            self._describe(wanted.recipe, recorded=recorded)
        if wanted.written_as:
            self.emit(self._documents(wanted, wanted.written_as, quiet=options["quiet"]))
        else:
            self._write(wanted, options)

    def _describe(self, recipe: Recipe, *, recorded: bool) -> None:
        """Write to stderr how strong the secrets are, and whether the request is recorded."""
        self.remark(
            gettext("Entropy of each: %(bits)s bits.") % {"bits": bits_text(recipe.entropy_bits, 1)}
        )
        if recipe.is_identifier:
            self.remark(gettext("These are identifiers, no secrets: they begin with the time."))
        if not recorded:
            self.remark(
                gettext("There is no database: the request is not recorded in the history.")
            )

    def _write(self, wanted: SecretRequest, options: dict[str, Any]) -> None:
        """Draw the secrets, and write them to stdout."""
        recipe, count = wanted.recipe, wanted.count
        # On the same terminal the bar and the secrets would overwrite each other.
        has_bar = self.stderr.isatty() and not self.stdout.isatty() and not options["quiet"]
        if options["format"] == "text" and drawing.is_plain(recipe):
            chunks = drawing.stream(recipe, count, threads=_THREADS)
            if has_bar:
                chunks = with_progress(chunks, count, measure=_lines, draw=self.draw)
            self.emit(chunks)
            return
        batches = drawing.batches(recipe, count, threads=_THREADS)
        if has_bar:
            batches = with_progress(batches, count, measure=len, draw=self.draw)
        self.emit(_formatted(batches, options["format"], recipe))

    def _documents(
        self, wanted: SecretRequest, written_as: WrittenAs, *, quiet: bool
    ) -> Iterator[bytes]:
        """Draw the secrets, and yield them in the format; those of a one-way one go to stderr."""
        separator = ""
        last_note = ""
        for batch in drawing.batches(wanted.recipe, wanted.count):
            for secret in batch:
                try:
                    document = written_as.write(secret)
                except domain.RecipeError as error:
                    raise BadRequestError("--as", validation.translated(error)) from None
                if written_as.format.is_one_way:
                    self.remark(secret)  # it is nowhere else
                if not quiet:
                    self._remark_public_half(wanted.recipe, secret)
                    if document.note != last_note:
                        self.remark(gettext(document.note) % document.note_params)
                    last_note = document.note
                yield f"{separator}{document.text}".encode()
                separator = written_as.format.separator
        yield written_as.format.end.encode()

    def _share(self, wanted: SecretRequest, options: dict[str, Any]) -> None:
        """Draw one secret, and write a link to it instead of the secret."""
        # They load the models, which the command otherwise does without.
        from passwords import services  # noqa: PLC0415
        from passwords.models import Channel  # noqa: PLC0415
        from passwords.sharing import ShareError  # noqa: PLC0415

        if wanted.count != 1:
            raise BadRequestError("--count", gettext("must be 1 or left out beside --share"))
        if options["format"] != "text":
            raise BadRequestError("--format", gettext("must be text or left out beside --share"))
        if wanted.written_as:
            raise BadRequestError("--as", gettext("must be left out beside --share"))
        require_keys("SECRET_KEY", "RECENTS_KEYS")
        share, origin = sharing_options.read(options)
        try:
            with database():
                drawn = services.generate_shared(
                    recipe=wanted.recipe,
                    policy=wanted.policy,
                    owner=None,
                    options=share,
                    origin=origin,
                    channel=Channel.COMMAND,
                )
        except ShareError as error:
            raise sharing_options.as_command_error(error) from None
        sharing_options.write(self, drawn.shared, quiet=options["quiet"])
        if not options["quiet"]:
            self._remark_public_half(wanted.recipe, drawn.secret.value)

    def _remark_public_half(self, recipe: Recipe, secret: str) -> None:
        """Write the public half of a key pair to stderr, where stdout does not have it."""
        if public := drawing.public_half(recipe, secret):
            self.remark(gettext("Its public half, no secret: %(public)s") % {"public": public})


def _meaning(kinds: Sequence[str], parameters: Sequence[Parameter]) -> str:
    """Return the help of an option, for each kind if the kinds differ."""
    texts = [_help(parameter) for parameter in parameters]
    if len(set(texts)) == 1:
        return texts[0]
    return " ".join(f"{kind}: {text}" for kind, text in zip(kinds, texts, strict=True))


def _help(parameter: Parameter) -> str:
    if parameter.type == "flag":
        return f"Leave out {parameter.help}." if parameter.default else parameter.help
    notes = []
    if parameter.maximum:
        notes.append(f"{parameter.minimum} to {parameter.maximum}")
    if parameter.type != "symbols" and parameter.default not in {None, ""}:
        notes.append(f"default {parameter.default}")
    return f"{parameter.help.rstrip('.')} ({'; '.join(notes)})." if notes else parameter.help


def _add_parameter(
    group: argparse._ActionsContainer, parameter: Parameter, meaning: str, *, dest: str = ""
) -> None:
    common: dict[str, Any] = {"dest": dest or parameter.name, "default": argparse.SUPPRESS}
    if parameter.type == "symbols":
        group = group.add_mutually_exclusive_group()
        group.add_argument(
            "--no-symbols", action="store_false", help="Leave out symbols.", **common
        )
    if parameter.type == "flag":
        action = "store_false" if parameter.default else "store_true"
        group.add_argument(parameter.option, action=action, help=meaning, **common)
        return
    choices = "NAME" if parameter.name == "wordlist" else "|".join(parameter.choices)
    metavar = _METAVARS.get(parameter.type, choices)
    parse = number if metavar == "N" else str
    group.add_argument(parameter.option, metavar=metavar, type=parse, help=meaning, **common)


def _add_request(parser: CommandParser) -> None:
    group = parser.add_argument_group("request and output")
    group.add_argument(
        "--policy",
        metavar="SLUG",
        default=argparse.SUPPRESS,
        help="A named recipe of the database, in place of the above.",
    )
    group.add_argument(
        "--count",
        metavar="N",
        type=number,
        default=argparse.SUPPRESS,
        help=f"Number of secrets (1 to {MAX_COUNT}; default 1).",
    )
    group.add_argument(
        "--format", choices=["text", *ENCODERS], default="text", help="Format of stdout."
    )
    group.add_argument("--quiet", action="store_true", help="Write only errors to stderr.")
    group = parser.add_argument_group("one-time link")
    group.add_argument(
        "--share",
        action="store_true",
        help="Write a one-time link to the secret, and its passphrase, instead of the secret.",
    )
    sharing_options.add_arguments(group)


def _add_formats(parser: CommandParser) -> None:
    """Add ``--as`` and the fields of all formats; the table of formats says which fit together."""
    group = parser.add_argument_group("format of another tool")
    group.add_argument(
        "--as",
        metavar="FORMAT",
        dest=f"{_OF_FORMAT}as",
        default=argparse.SUPPRESS,
        help=f"Write each secret in a format: {', '.join(formats.FORMATS)}.",
    )
    found: dict[str, dict[str, Parameter]] = {}
    for format_name, parameters in FORMAT_PARAMETERS.items():
        for parameter in parameters.values():
            found.setdefault(parameter.name, {})[format_name] = parameter
    for of_formats in found.values():
        parameter, *_others = of_formats.values()
        meaning = _meaning(list(of_formats), list(of_formats.values()))
        dest = f"{_OF_FORMAT}{parameter.name}"
        if len({other.help for other in of_formats.values()}) == 1:
            meaning = f"{', '.join(of_formats)}: {meaning}"
        _add_parameter(group, parameter, meaning, dest=dest)


def _read(options: dict[str, Any]) -> SecretRequest:
    values = {name: value for name, value in options.items() if name in _REQUEST}
    max_count = MAX_COUNT
    if written_as := _format(options):
        values["format"] = written_as
        max_count = MAX_WRITTEN
    try:
        if "policy" in values:
            with database():
                return validation.read(values, max_count=max_count, max_hashed=max_count)
        return validation.read(values, max_count=max_count, max_hashed=max_count)
    except validation.InvalidRequestError as error:
        ((field, (message,)),) = error.errors.items()
        raise BadRequestError(_option(field, values), message) from None


def _format(options: dict[str, Any]) -> dict[str, Any]:
    """Return the format and its fields; empty without one."""
    found = {
        name.removeprefix(_OF_FORMAT): value
        for name, value in options.items()
        if name.startswith(_OF_FORMAT)
    }
    if found and "as" not in found:
        raise BadRequestError(f"--{next(iter(found))}", gettext("needs --as"))
    return found


def _option(field: str, values: dict[str, Any]) -> str:
    """Return the name of *field* on the command line."""
    if field == "kind":
        return field
    if field.startswith(_OF_FORMAT):
        return f"--{field.removeprefix(_OF_FORMAT)}"
    if field == "symbols" and values.get(field) is False:
        return "--no-symbols"
    return BY_NAME[field][0].option if field in BY_NAME else f"--{field}"


def _lines(chunk: bytes) -> int:
    return chunk.count(b"\n")


def _formatted(batches: Iterable[list[str]], format_name: str, recipe: Recipe) -> Iterable[bytes]:
    """Return each secret as text, with its public half after it, or as a record."""
    if format_name == "text":
        return (_as_text(recipe, batch) for batch in batches)
    kind, entropy_bits = recipe.kind, recipe.entropy_bits
    if not drawing.has_public_half(recipe):
        rows = ([(value, kind, entropy_bits) for value in batch] for batch in batches)
        return ENCODERS[format_name](FIELDS, rows)
    pairs = (
        [(value, kind, entropy_bits, drawing.public_half(recipe, value)) for value in batch]
        for batch in batches
    )
    return ENCODERS[format_name]((*FIELDS, "public"), pairs)


def _as_text(recipe: Recipe, batch: Sequence[str]) -> bytes:
    """Return the secrets, each with its public half after it, on lines of their own."""
    texts = []
    for value in batch:
        texts.append(value)
        if public := drawing.public_half(recipe, value):
            texts.append(public)
    return "".join(text if text.endswith("\n") else f"{text}\n" for text in texts).encode()
