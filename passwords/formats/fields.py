"""The fields of formats: what each takes, described once for every channel."""

import re
from typing import Any, Literal, NamedTuple

from passwords.domain.errors import NotPrintableError, TooLongError
from passwords.domain.validation import (
    require_choice,
    require_flag,
    require_text,
    require_whole_number,
)
from passwords.formats.errors import NotGivenError, NotMatchingError, TooManyBytesError


class Field(NamedTuple):
    """One field of a format; a named tuple, since `generate` starts slower with a dataclass.

    Attributes:
        name: the name in the API and on the command line.
        label: the label on the screen, in English; channels translate it.
        help: the English text for the command line and the API's contract.
        type: the type of its values.
        is_required: whether it must be given.
        default: the value of a field that is left out.
        pattern: a regular expression (ECMA 262 and Python) for valid texts.
        max_length: the maximum length of a text, in characters.
        max_bytes: its maximum length in UTF-8; 0 for no limit but *max_length*.
        sample: a valid text.
        minimum: the lowest number.
        maximum: the highest number.
        choices: the labels of a fixed choice, by value.
    """

    name: str
    label: str
    help: str
    type: Literal["text", "integer", "flag", "choice"] = "text"
    is_required: bool = False
    default: Any = ""
    pattern: str = ""
    max_length: int = 253
    max_bytes: int = 0
    sample: str = ""
    minimum: int = 0
    maximum: int = 0
    choices: tuple[tuple[str, str], ...] = ()

    def check(self, value: object) -> None:
        """Check a value that is given.

        Raises:
            RecipeError: it is not valid; names the field.
        """
        if self.type == "flag":
            require_flag(self.name, value)
        elif self.type == "integer":
            require_whole_number(self.name, value, minimum=self.minimum, maximum=self.maximum)
        elif self.type == "choice":
            require_choice(self.name, value, dict(self.choices))
        else:
            require_text(self.name, value)
            self._check_text(str(value))

    def _check_text(self, text: str) -> None:
        if not text:
            raise NotGivenError(self.name)
        if len(text) > self.max_length:
            raise TooLongError(self.name, maximum=self.max_length)
        if not text.isprintable():
            raise NotPrintableError(self.name)
        if self.max_bytes and len(text.encode()) > self.max_bytes:
            raise TooManyBytesError(self.name, maximum=self.max_bytes)
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise NotMatchingError(self.name, sample=self.sample, pattern=self.pattern)
