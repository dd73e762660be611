r"""A line of an ``.env`` file.

Readers agree on few characters. POSIX shells, systemd's ``EnvironmentFile``, Compose, and the
dotenv libraries of Python and Node remove quotes; ``docker run --env-file`` keeps them as part of
the value (docker/cli issue 4665). Between single quotes all but that one read the same, unless the
value has a single quote, two backslashes, or a backslash at its end.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from passwords.domain.errors import _
from passwords.domain.randomness import RandomBytes
from passwords.formats.document import Document

SAFE_SYMBOLS: Final = "%+,-./:@^_"
"""The symbols that every reader takes alike without quotes, at every place."""

# zsh replaces `=name` at the start and after a colon by the path of a command.
_PLAIN: Final = r"(?!=)(?:[A-Za-z0-9%+,./@^_=-]|:(?!=))+"
_UNLIKE_IN_SINGLE_QUOTES: Final = r"'|\\\\|\\\Z"
# POSIX.1-2017, XCU 2.2.3: these keep a meaning between double quotes.
_SPECIAL_IN_DOUBLE_QUOTES: Final = r'(["$\\`])'

QUOTES_KEPT: Final = _("Only `docker run --env-file` reads the quotes as part of the value.")
SEVERAL_LINES: Final = _("`docker run --env-file` cannot read a value of several lines.")
READ_DIFFERENTLY: Final = _(
    "Shells and systemd read this line. Compose and dotenv libraries may read it differently:"
    " for them, draw a secret without quotes and backslashes."
)


def write(secret: str, options: Mapping[str, Any], _random_bytes: RandomBytes) -> Document:
    """Return the line ``NAME=value``."""
    name = options["name"]
    if re.fullmatch(_PLAIN, secret):
        return Document(text=f"{name}={secret}")
    if not re.search(_UNLIKE_IN_SINGLE_QUOTES, secret):
        return Document(text=f"{name}='{secret}'", note=_note_in_single_quotes(secret))
    if not re.search(_SPECIAL_IN_DOUBLE_QUOTES, secret):
        return Document(text=f'{name}="{secret}"', note=QUOTES_KEPT)
    escaped = re.sub(_SPECIAL_IN_DOUBLE_QUOTES, r"\\\1", secret)
    return Document(text=f'{name}="{escaped}"', note=READ_DIFFERENTLY)


def _note_in_single_quotes(secret: str) -> str:
    if "${" in secret:  # python-dotenv replaces variables there, too
        return READ_DIFFERENTLY
    return SEVERAL_LINES if "\n" in secret else QUOTES_KEPT
