"""Passphrases: words drawn from a list, each passphrase decoding in exactly one way.

Two different series of choices never give the same text, so the number of passphrases is the
number of ways to choose: for *n* words out of *N*, N**n; times *n* where one word is set in
capitals; times *n* and the number of digits or symbols where one is inserted. Validation
enforces what the proof needs:

1. ``{word + separator}`` is a prefix code, so reading from the left finds one series of words.
2. Words are lower-case and separators have no letters, so capitals can be told apart and undone.
3. An inserted character occurs in no word and no separator, so it can be found and taken out, and
   shows which word it followed.
"""

import functools
import os
import string
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar, Final, Literal, Self, TypeVar, get_args

from passwords.domain import wordlists
from passwords.domain.errors import AmbiguousError, ForbiddenCharactersError, TooLongError
from passwords.domain.randomness import RandomBytes, below, choice
from passwords.domain.strength import entropy_bits, shortest
from passwords.domain.validation import require_choice, require_text, require_whole_number

Capitalize = Literal["none", "first", "one"]
Insert = Literal["none", "digit", "symbol"]

MIN_WORDS: Final = 3
MAX_WORDS: Final = 24
MAX_SEPARATOR_LENGTH: Final = 8
SEPARATOR_CHARACTERS: Final = f" {string.digits}{string.punctuation}"

INSERT_SYMBOLS: Final = "!#$%&*+=?@"
"""What ``insert="symbol"`` chooses from.

Ten, as many as there are digits, and on every keyboard. The usual separators (hyphen, underscore,
full stop, comma, space) are not among them, so that they stay usable beside it.
"""

_INSERTED: Final[dict[str, str]] = {"none": "", "digit": string.digits, "symbol": INSERT_SYMBOLS}

_ROWS_PER_CHUNK: Final = 2048
_SIXTEEN_BITS: Final = 1 << 16

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseRecipe:
    """Words from one list with a separator between them.

    Raises:
        RecipeError: a parameter is outside of what its line below says; the error names it.
    """

    kind: ClassVar[str] = "passphrase"

    words: int = 6
    """3 to 24."""
    wordlist: str = "eff-large"
    """A name in `passwords.domain.wordlists.WORDLISTS`."""
    separator: str = "-"
    """0 to 8 characters: digits, ASCII punctuation and spaces, but none that *insert* may draw."""
    capitalize: Capitalize = "none"
    """``first``: the first letter of every word; ``one``: all of one random word."""
    insert: Insert = "none"
    """A random digit, or one of INSERT_SYMBOLS, after one random word."""

    def __post_init__(self) -> None:
        require_whole_number("words", self.words, minimum=MIN_WORDS, maximum=MAX_WORDS)
        require_choice("wordlist", self.wordlist, wordlists.WORDLISTS)
        require_choice("capitalize", self.capitalize, get_args(Capitalize))
        require_choice("insert", self.insert, get_args(Insert))
        self._require_separator()

    def _require_separator(self) -> None:
        require_text("separator", self.separator)
        if len(self.separator) > MAX_SEPARATOR_LENGTH:
            raise TooLongError("separator", maximum=MAX_SEPARATOR_LENGTH)
        inserted = _INSERTED[self.insert]
        allowed = "".join(sign for sign in SEPARATOR_CHARACTERS if sign not in inserted)
        if not set(self.separator) <= set(allowed):
            raise ForbiddenCharactersError("separator", allowed=allowed)
        if not _separates(self.separator, self.wordlist):
            raise AmbiguousError("separator")

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the passphrase of fewest words that has *bits* of entropy, from 1 to 2048.

        Args:
            bits: the wished strength.
            rules: the recipe's other parameters; *words* among them is the most to use.

        Raises:
            RecipeError: *bits* or one of the *rules* is not valid.
            UnreachableStrengthError: it takes more words than allowed.
        """
        strongest = cls(**{"words": MAX_WORDS, **rules})
        return shortest(strongest, bits, rule="words", smallest=MIN_WORDS)

    @property
    def size(self) -> int:
        """The number of words."""
        return self.words

    @property
    def count(self) -> int:
        """The exact number of different passphrases."""
        capitals = self.words if self.capitalize == "one" else 1
        inserts = self.words * len(_INSERTED[self.insert]) or 1
        words: int = wordlists.WORDLISTS[self.wordlist].size ** self.words
        return words * capitals * inserts

    @property
    def entropy_bits(self) -> float:
        """log2 of *count*, in bits."""
        return entropy_bits(self.count)


def draw(recipe: PassphraseRecipe, *, random_bytes: RandomBytes = os.urandom) -> str:
    """Return one passphrase, uniform over all that *recipe* allows."""
    vocabulary = wordlists.load(recipe.wordlist).words
    words = [choice(vocabulary, random_bytes=random_bytes) for _ in range(recipe.words)]
    if recipe.capitalize == "first":
        words = [word.capitalize() for word in words]
    if recipe.capitalize == "one":
        capital = below(recipe.words, random_bytes=random_bytes)
        words[capital] = words[capital].upper()
    if recipe.insert != "none":
        place = below(recipe.words, random_bytes=random_bytes)
        words[place] += choice(_INSERTED[recipe.insert], random_bytes=random_bytes)
    return recipe.separator.join(words)


def stream(
    recipe: PassphraseRecipe, count: int, *, random_bytes: RandomBytes = os.urandom
) -> Iterator[bytes]:
    """Yield *count* passphrases, each uniform and ended by a newline, in chunks of whole lines.

    Every chunk takes new random bytes and drops those it did not need: nothing waits between
    chunks that a forked process could use a second time.
    """
    recased = str.capitalize if recipe.capitalize == "first" else str
    vocabulary = wordlists.load(recipe.wordlist).words
    words = _table([recased(word).encode("ascii") for word in vocabulary])
    variations = _table(_variations(recipe))
    separator = recipe.separator.encode("ascii")
    left = count
    while left > 0:
        expected = min(left, _ROWS_PER_CHUNK)
        drawn = _sample(words, expected * recipe.words, random_bytes)
        # One iterator given n times: zip takes n words a row and drops an unfinished last row.
        rows: Iterable[Iterable[bytes]] = zip(*[drawn] * recipe.words, strict=False)
        if recipe.capitalize == "one" or recipe.insert != "none":
            rows = map(_varied, rows, _sample(variations, expected, random_bytes))
        lines = list(map(separator.join, rows))
        if lines:
            left -= len(lines)
            yield b"\n".join(lines) + b"\n"


@functools.lru_cache(maxsize=64)
def _separates(separator: str, wordlist: str) -> bool:
    """Whether words of the list with *separator* after each decode in one way only."""
    return wordlists.is_prefix_code(f"{word}{separator}" for word in wordlists.load(wordlist).words)


_Variation = tuple[int | None, int, bytes]
"""Which word to set in capitals, if any; which word to add to; and what to add, if anything."""


def _variations(recipe: PassphraseRecipe) -> list[_Variation]:
    """List what may be done to a row of words, each as likely as the other."""
    places = range(recipe.words)
    capitals = places if recipe.capitalize == "one" else [None]
    nothing = [(0, b"")]
    inserts = [(place, sign.encode()) for place in places for sign in _INSERTED[recipe.insert]]
    return [
        (capital, place, sign) for capital, (place, sign) in product(capitals, inserts or nothing)
    ]


def _varied(row: Iterable[bytes], variation: _Variation) -> list[bytes]:
    words = list(row)
    capital, place, sign = variation
    if capital is not None:
        words[capital] = words[capital].upper()
    words[place] += sign
    return words


def _table(options: Sequence[Item]) -> list[Item | None]:
    """Assign one of the *options* to each 16-bit number, to each option equally many.

    The numbers that are left over get None.
    """
    copies, left_over = divmod(_SIXTEEN_BITS, len(options))
    return [*options] * copies + [None] * left_over


def _sample(
    table: Sequence[Item | None], attempts: int, random_bytes: RandomBytes
) -> Iterator[Item]:
    """Yield the options of so many random 16-bit numbers; numbers without an option give none."""
    numbers = array("H", random_bytes(attempts * 2))
    return filter(None, map(table.__getitem__, numbers))
