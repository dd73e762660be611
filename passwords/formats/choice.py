"""Read which format is wanted, and write secrets in it."""

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from passwords.domain import Recipe
from passwords.domain.errors import UnknownParameterError
from passwords.domain.randomness import RandomBytes
from passwords.domain.validation import require_choice
from passwords.formats.document import Document
from passwords.formats.errors import BusyError, NotGivenError
from passwords.formats.table import FORMATS, Format

# Hashing takes up to seconds of a processor, and 12 MiB, which strangers may ask for.
_hashing: Final = threading.Lock()
_MAX_WAIT_SECONDS: Final = 0.2
"""Enough for a few hashes with the default cost; no other thread is kept waiting for long."""


class WrittenAs(NamedTuple):
    """A format and its validated options.

    Attributes:
        format: the format.
        options: a value for each of its fields.
    """

    format: Format
    options: Mapping[str, Any]

    def check(self, recipe: Recipe) -> None:
        """Check that every secret of *recipe* can be written in this format.

        Raises:
            RecipeError: it cannot; names the field.
        """
        self.format.check(recipe, self.options)

    def write(self, secret: str, *, random_bytes: RandomBytes = os.urandom) -> Document:
        """Return the document with *secret*; *random_bytes* are for salts.

        Raises:
            RecipeError: the format does not take this secret.
        """
        return self.format.write(secret, self.options, random_bytes)

    def write_all(self, secrets: Sequence[str]) -> tuple[Document, ...]:
        """Return a document for each of the *secrets*, for a server: it hashes one at a time.

        Raises:
            RecipeError: the format does not take one of them.
            BusyError: the format is one-way, and another thread is hashing.
        """
        if not self.format.is_one_way:
            return tuple(map(self.write, secrets))
        if not _hashing.acquire(timeout=_MAX_WAIT_SECONDS):
            raise BusyError
        try:
            return tuple(map(self.write, secrets))
        finally:
            _hashing.release()


def read(values: Mapping[str, Any]) -> WrittenAs:
    """Return the format in *values*: its name as ``as``, and its fields.

    Raises:
        RecipeError: a value is not valid; names its field.
    """
    if "as" not in values:
        raise NotGivenError("as")
    name = values["as"]
    require_choice("as", name, FORMATS)
    wanted = FORMATS[name]
    fields = {field.name: field for field in wanted.fields}
    for given, value in values.items():
        if given == "as":
            continue
        if given not in fields:
            raise UnknownParameterError(given, kind=name)
        fields[given].check(value)
    for field in wanted.fields:
        if field.is_required and field.name not in values:
            raise NotGivenError(field.name)
    options = {field.name: values.get(field.name, field.default) for field in wanted.fields}
    return WrittenAs(format=wanted, options=options)
