"""Apple password rules: what a site says about its passwords, in the language of `passwordrules`.

The language is that of the HTML attribute and of apple/password-manager-resources (tools,
PasswordRulesParser.js, September 2026). Apple's parser guesses what a faulty rule means; this one
refuses it, and its errors say how Apple reads it.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from passwords.domain import alphabets, errors
from passwords.domain.runs import Limits
from passwords.domain.validation import MAX_TEXT_LENGTH, require_text

FIELD: Final = "passwordrules"

USUAL_LENGTH: Final = 20
"""The length of a password if the rule allows it."""

_SPACE: Final = " "
_PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F)))
_CLASSES: Final = {
    "upper": alphabets.UPPERCASE,
    "lower": alphabets.LOWERCASE,
    "digit": alphabets.DIGITS,
    "special": _SPACE + alphabets.SYMBOLS,
    "ascii-printable": _PRINTABLE,
    "unicode": _PRINTABLE,
}
_LISTS: Final = frozenset({"required", "allowed"})
_NUMBERS: Final = frozenset(
    {"minlength", "maxlength", "max-consecutive", "max-repeating", "max-sequential"}
)

_WHITESPACE: Final = re.compile(r"[ \f\n\r\t]*")
_WORD: Final = re.compile(r"[A-Za-z-]*")
_NUMBER: Final = re.compile(r"([0-9]+)(?=;|\Z)")
# A bracket that closes a set belongs to the set if another one follows it.
_SET: Final = re.compile(r"\[([^\]]*(?:\](?=\]))?)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """What a rule says.

    Attributes:
        min_length: the minimum length; 0 for any.
        max_length: the maximum length; 0 for any.
        required: of each of these sets there must be a character; of a set that is here twice, two.
        allowed: all characters that may appear.
        limits: of runs.
    """

    min_length: int
    max_length: int
    required: tuple[str, ...]
    allowed: str
    limits: Limits

    def lengths(self, shortest: int, longest: int) -> tuple[int, int]:
        """Return the minimum and the maximum length, both from *shortest* to *longest*.

        Raises:
            RecipeError: the rule allows no such length.
        """
        if 0 < self.max_length < self.min_length:
            raise errors.ContraryLengthsError(
                FIELD, minimum=self.min_length, maximum=self.max_length
            )
        if self.min_length > longest or 0 < self.max_length < shortest:
            raise errors.NoLengthError(FIELD, minimum=shortest, maximum=longest)
        return max(self.min_length, shortest), min(self.max_length or longest, longest)


@lru_cache(maxsize=64)
def parse(text: str) -> PasswordRules:
    """Return what the rule *text* says.

    A space is left out of the named classes unless a set in brackets has one: few sites mean it.

    Raises:
        RecipeError: the rule has a fault; names its position.
    """
    require_text(FIELD, text)
    if len(text) > MAX_TEXT_LENGTH:
        raise errors.TooLongError(FIELD, maximum=MAX_TEXT_LENGTH)
    reader = _Reader(text)
    reader.read()
    left_out = set() if reader.names_space else {_SPACE}
    required = [_members(members - left_out) for members in reader.sets["required"] if members]
    allowed = set().union(*reader.sets["allowed"], *reader.sets["required"]) or set(_PRINTABLE)
    # A value of 0 is no rule.
    found = {name: [value for value in values if value] for name, values in reader.numbers.items()}
    consecutive = found["max-consecutive"]
    return PasswordRules(
        min_length=max(found["minlength"], default=0),
        max_length=min(found["maxlength"], default=0),
        required=tuple(required),
        allowed=_members(allowed - left_out),
        limits=Limits(
            repeating=min(found["max-repeating"] + consecutive, default=0),
            sequential=min(found["max-sequential"] + consecutive, default=0),
        ),
    )


def _members(members: set[str]) -> str:
    return "".join(sorted(members))


@dataclass(slots=True)
class _Reader:
    """Reads a rule from left to right; *position* is that of the next character."""

    text: str
    position: int = 0
    names_space: bool = False
    sets: dict[str, list[set[str]]] = field(default_factory=lambda: {name: [] for name in _LISTS})
    numbers: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in _NUMBERS})

    def read(self) -> None:
        """Read all properties, with a semicolon between them and perhaps after the last one."""
        self._skip_whitespace()
        while self._next():
            self._read_property()
            self._skip_whitespace()
            if self._next() not in {"", ";"}:
                raise errors.SemicolonExpectedError(FIELD, position=self.position + 1)
            self.position += 1
            self._skip_whitespace()

    def _read_property(self) -> None:
        start = self.position
        name = self._take(_WORD)
        if not name:
            raise errors.PropertyExpectedError(FIELD, position=start + 1)
        if name not in _LISTS | _NUMBERS:
            raise errors.UnknownPropertyError(FIELD, position=start + 1, name=name)
        if self._next() != ":":
            raise errors.ColonExpectedError(FIELD, position=self.position + 1, name=name)
        self.position += 1
        self._skip_whitespace()
        if self._next() in {"", ";"}:
            raise errors.ValueExpectedError(FIELD, position=self.position + 1, name=name)
        if name in _NUMBERS:
            self.numbers[name].append(self._read_number(name))
        else:
            self.sets[name].append(self._read_classes())

    def _read_number(self, name: str) -> int:
        digits = self._take(_NUMBER)
        if not digits:
            raise errors.NumberExpectedError(FIELD, position=self.position + 1, name=name)
        return int(digits)

    def _read_classes(self) -> set[str]:
        """Return the union of the classes, which have commas between them."""
        members = self._read_class()
        self._skip_whitespace()
        while self._next() == ",":
            self.position += 1
            self._skip_whitespace()
            members |= self._read_class()
            self._skip_whitespace()
        return members

    def _read_class(self) -> set[str]:
        start = self.position
        if self._next() == "[":
            return self._read_set()
        name = self._take(_WORD)
        if not name:
            raise errors.ClassExpectedError(FIELD, position=start + 1)
        if name.lower() not in _CLASSES:
            raise errors.UnknownClassError(FIELD, position=start + 1, name=name)
        return set(_CLASSES[name.lower()])

    def _read_set(self) -> set[str]:
        """Return the characters in brackets: a hyphen only first, a closing bracket only last.

        Characters other than printable ASCII do not count, as in Apple's parser.
        """
        start = self.position
        found = _SET.match(self.text, start)
        if not found:
            raise errors.UnclosedSetError(FIELD, position=start + 1)
        members = found[1]
        if not members:
            raise errors.EmptySetError(FIELD, position=start + 1)
        for at, member in enumerate(members):
            if member == "-" and at:
                raise errors.MisplacedHyphenError(FIELD, position=start + at + 2)
        self.names_space |= _SPACE in members
        self.position = found.end()
        return set(members) & set(_PRINTABLE)

    def _next(self) -> str:
        return self.text[self.position : self.position + 1]

    def _skip_whitespace(self) -> None:
        self._take(_WHITESPACE)

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Return what the pattern matches from here on, and go behind it."""
        found = pattern.match(self.text, self.position)
        if not found:
            return ""
        self.position = found.end()
        return found[0]
