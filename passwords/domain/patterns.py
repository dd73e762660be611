r"""Patterns: one character for each place, in the letters of KeePass 2.

The language is that of KeePass 2.61 (KeePassLib, PatternBasedGenerator.cs and PwCharSet.cs). What
KeePass accepts means the same here, but characters outside ASCII are refused. In addition, digits,
spaces and most punctuation need no backslash: ``UUUU-UUUU`` is ``UUUU\-UUUU``.
"""

import math
import re
import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self

from passwords.domain import alphabets, errors, strength
from passwords.domain.bulk import LineShape
from passwords.domain.validation import MAX_TEXT_LENGTH, require_flag, require_text

FIELD: Final = "pattern"

DEFAULT: Final = "UUUUU-UUUUU-UUUUU-UUUUU-UUUUU"
"""A key in five groups of five, as on software licences: 129 bits."""

MAX_WIDTH: Final = 256
"""The most characters in a secret."""

_LOWER, _UPPER, _DIGITS = alphabets.LOWERCASE, alphabets.UPPERCASE, alphabets.DIGITS
_LOWER_VOWELS, _UPPER_VOWELS = "aeiou", "AEIOU"
_LOWER_CONSONANTS, _UPPER_CONSONANTS = "bcdfghjklmnpqrstvwxyz", "BCDFGHJKLMNPQRSTVWXYZ"

PLACEHOLDERS: Final = MappingProxyType(
    {
        "a": _LOWER + _DIGITS,
        "A": _UPPER + _LOWER + _DIGITS,
        "U": _UPPER + _DIGITS,
        "d": _DIGITS,
        "h": _DIGITS + "abcdef",
        "H": _DIGITS + "ABCDEF",
        "l": _LOWER,
        "L": _UPPER + _LOWER,
        "u": _UPPER,
        "v": _LOWER_VOWELS,
        "V": _UPPER_VOWELS + _LOWER_VOWELS,
        "Z": _UPPER_VOWELS,
        "c": _LOWER_CONSONANTS,
        "C": _UPPER_CONSONANTS + _LOWER_CONSONANTS,
        "z": _UPPER_CONSONANTS,
        "p": ",.;:",
        "b": "()[]{}<>",
        "s": alphabets.SYMBOLS,
        "S": _UPPER + _LOWER + _DIGITS + alphabets.SYMBOLS,
    }
)
"""The characters that each letter stands for."""

_LATIN_1: Final = "x"
# Characters with a meaning in the language, here or in KeePass.
_SPECIAL: Final = frozenset("[]{}^")
_ASCII: Final = frozenset(map(chr, range(0x20, 0x7F)))
_REPETITION: Final = re.compile(r"\{([0-9]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A part of a pattern: the characters that one place may have, and how many such places.

    Attributes:
        position: of its first character in the pattern, counted from 1.
        members: the characters, sorted.
        is_drawn: whether they are drawn, rather than written in the pattern.
        times: how many places there are, 0 to 256.
    """

    position: int
    members: str
    is_drawn: bool
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRecipe(strength.Counted):
    """A secret with one character for each place of a pattern.

    Attributes:
        pattern: the pattern, at most 256 characters; so many are drawn at most, too.
        exclude_lookalikes: whether no placeholder draws `alphabets.LOOKALIKES`. Characters that are
            written in the pattern stay.

    Raises:
        RecipeError: a value is not valid; names the field, and the position in the pattern.
    """

    kind: ClassVar[str] = "pattern"

    pattern: str = DEFAULT
    exclude_lookalikes: bool = False

    def __post_init__(self) -> None:
        require_flag("exclude_lookalikes", self.exclude_lookalikes)
        require_text(FIELD, self.pattern)
        parse(self.pattern)
        if self.count == 1:
            raise errors.NothingRandomError(FIELD)

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the recipe with these *rules* if it has *bits* of entropy, 1 to 2048.

        Raises:
            UnreachableStrengthError: it has fewer.
            RecipeError: *bits* or a rule is not valid.
        """
        recipe = cls(**rules)
        strength.require_bits(bits)
        if not strength.reaches(recipe.count, bits):
            raise errors.UnreachableStrengthError(rule=FIELD, reachable_bits=recipe.entropy_bits)
        return recipe

    @property
    def size(self) -> int:
        """The number of characters."""
        return len(self.places)

    @property
    def places(self) -> list[str]:
        """The characters that each place may have."""
        return [
            members
            for element in parse(self.pattern)
            for members in [self._members(element)] * element.times
        ]

    @property
    def count(self) -> int:
        """The exact number of different secrets: different choices give different secrets."""
        return math.prod(map(len, self.places))

    def _members(self, element: Element) -> str:
        if not (self.exclude_lookalikes and element.is_drawn):
            return element.members
        left = _sorted(set(element.members) - set(alphabets.LOOKALIKES))
        if not left:
            raise errors.EmptiedPlaceholderError("exclude_lookalikes", position=element.position)
        return left


@lru_cache(maxsize=64)
def parse(pattern: str) -> tuple[Element, ...]:
    """Return the elements of *pattern*, at most 256 places together.

    Raises:
        RecipeError: the pattern has a fault; names its position.
    """
    if len(pattern) > MAX_TEXT_LENGTH:
        raise errors.TooLongError(FIELD, maximum=MAX_TEXT_LENGTH)
    reader = _Reader(pattern)
    elements = []
    width = 0
    while reader.has_more():
        element = reader.read_element()
        width += element.times
        # Checked before anything is repeated.
        if width > MAX_WIDTH:
            raise errors.TooWideError(FIELD, position=element.position, maximum=MAX_WIDTH)
        elements.append(element)
    return tuple(elements)


@lru_cache(maxsize=16)
def sampler(recipe: PatternRecipe) -> LineShape:
    """Return the sampler of this recipe."""
    places = recipe.places
    ((usual, _number),) = Counter(places).most_common(1)
    return LineShape(
        alphabet=usual.encode("ascii"),
        width=len(places),
        exceptions=tuple(
            (column, members.encode("ascii"))
            for column, members in enumerate(places)
            if members != usual
        ),
    )


def _sorted(members: Iterable[str]) -> str:
    return "".join(sorted(members))


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right; *index* is that of the next character."""

    text: str
    index: int = 0

    def has_more(self) -> bool:
        return self.index < len(self.text)

    def read_element(self) -> Element:
        """Read a placeholder, a set in brackets or a fixed character, and its repetition."""
        position = self.index + 1
        is_drawn = self.text[self.index] == "[" or self.text[self.index] in PLACEHOLDERS
        members = self._read_set() if self.text[self.index] == "[" else self._read_members()
        return Element(
            position=position,
            members=_sorted(members),
            is_drawn=is_drawn,
            times=self._read_times(),
        )

    def _read_set(self) -> set[str]:
        """Read a set in brackets: all characters before a ``^`` without those after it."""
        start = self.index + 1
        added, removed = set[str](), set[str]()
        members = added
        self.index += 1
        while self.has_more() and self.text[self.index] != "]":
            if self.text[self.index] == "^" and members is added:
                members = removed
                self.index += 1
            elif self.text[self.index] == "-":
                raise errors.RangeError(FIELD, position=self.index + 1)
            else:
                members |= self._read_members()
        if not self.has_more():
            raise errors.UnclosedBracketError(FIELD, position=start)
        self.index += 1
        if not added - removed:
            raise errors.EmptyBracketsError(FIELD, position=start)
        return added - removed

    def _read_members(self) -> set[str]:
        """Read a placeholder, an escaped character, or one that stands for itself."""
        found = self.text[self.index]
        position = self.index + 1
        self.index += 1
        if found == "\\":
            return {self._read_escaped()}
        if found in PLACEHOLDERS:
            return set(PLACEHOLDERS[found])
        if found == _LATIN_1:
            raise errors.OutsideAsciiError(FIELD, position=position)
        if found in string.ascii_letters:
            raise errors.UnknownPlaceholderError(FIELD, position=position, name=found)
        if found in _SPECIAL:
            raise errors.UnescapedError(FIELD, position=position, name=found)
        return {_printable(found, position)}

    def _read_escaped(self) -> str:
        if not self.has_more():
            raise errors.NothingEscapedError(FIELD, position=self.index)
        self.index += 1
        return _printable(self.text[self.index - 1], self.index)

    def _read_times(self) -> int:
        if not self.text.startswith("{", self.index):
            return 1
        found = _REPETITION.match(self.text, self.index)
        if not found:
            raise errors.RepetitionExpectedError(FIELD, position=self.index + 1)
        self.index = found.end()
        return int(found[1])


def _printable(character: str, position: int) -> str:
    """Return the *character*, which must be printable ASCII."""
    if character not in _ASCII:
        raise errors.NotAsciiError(FIELD, position=position)
    return character
