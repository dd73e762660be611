"""Passphrases: words drawn from a list; each passphrase can be decoded in exactly one way.

Words that would look like two are left out: with a hyphen between the words, or with nothing,
``t-shirt`` looks like ``t`` and ``shirt``. Bitwarden (sdk-internal, pull request 1007) and
KeePassXC (pull request 11409) removed these words too.

Two different sequences of choices never give the same text. So the number of passphrases is the
number of choices: for *n* words out of *N*, it is N**n. If one word is in capitals, it is
multiplied by *n*. If a digit or symbol is inserted, it is multiplied by *n* and by their number.
Validation enforces the conditions of the proof:

1. Words begin and end with a letter, and no word contains the separator. A separator has no
   letters, so its first occurrence is the end of the first word. If the separator is empty, no word
   is the start of another.
2. Words are lowercase, each of their letters has a capital of its own, and separators have no
   letters. So capitals can be recognised and undone.
3. An inserted character is in no word and no separator, so it can be found and removed, and shows
   the word that it follows.
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
from passwords.domain.strength import Counted, shortest
from passwords.domain.validation import require_choice, require_text, require_whole_number

Capitalize = Literal["none", "first", "one"]
Insert = Literal["none", "digit", "symbol"]

MIN_WORDS: Final = 3
MAX_WORDS: Final = 24
MAX_SEPARATOR_LENGTH: Final = 8
SEPARATOR_CHARACTERS: Final = f" {string.digits}{string.punctuation}"

INSERT_SYMBOLS: Final = "!#$%&*+=?@"
"""The symbols for ``insert="symbol"``.

They are ten, as many as digits, and on every keyboard. The usual separators (hyphen, underscore,
full stop, comma, space) are not among them, so both can be used together.
"""

_INSERTED: Final[dict[str, str]] = {"none": "", "digit": string.digits, "symbol": INSERT_SYMBOLS}

_ROWS_PER_CHUNK: Final = 2048
_SIXTEEN_BITS: Final = 1 << 16
"""The smallest size of a table: its indexes are read from the random bytes fastest."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseRecipe(Counted):
    """Words from one list with a separator between them.

    Raises:
        RecipeError: a parameter is not valid; names the field.
    """

    kind: ClassVar[str] = "passphrase"

    words: int = 6
    """3 to 24."""
    wordlist: str = "eff-large"
    """A name in `passwords.domain.wordlists.WORDLISTS`."""
    separator: str = "-"
    """0 to 8 digits, ASCII punctuation and spaces, without the characters of *insert*."""
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
        if not self.separator and not _needs_no_separator(self.wordlist):
            raise AmbiguousError("separator")

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the recipe with the fewest words and at least *bits* of entropy.

        Args:
            bits: the required entropy, 1 to 2048.
            rules: other parameters; *words* is the maximum number of words.

        Raises:
            UnreachableStrengthError: the maximum number of words has fewer bits.
            RecipeError: *bits* or a rule is not valid.
        """
        strongest = cls(**{"words": MAX_WORDS, **rules})
        return shortest(strongest, bits, rule="words", smallest=MIN_WORDS)

    @property
    def size(self) -> int:
        """The number of words."""
        return self.words

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The words that are drawn: those of the list that do not look like two words."""
        return _vocabulary(self.wordlist, self.separator)

    @property
    def count(self) -> int:
        """The exact number of different passphrases."""
        capitals = self.words if self.capitalize == "one" else 1
        inserts = self.words * len(_INSERTED[self.insert]) or 1
        words: int = len(self.vocabulary) ** self.words
        return words * capitals * inserts


def draw(recipe: PassphraseRecipe, *, random_bytes: RandomBytes = os.urandom) -> str:
    """Return one passphrase, uniform over all that *recipe* allows."""
    vocabulary = recipe.vocabulary
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


def longest(recipe: PassphraseRecipe) -> int:
    """Return the length of the longest passphrase that *recipe* allows, in bytes of UTF-8."""
    words = max(len(word.encode()) for word in recipe.vocabulary) * recipe.words
    separators = len(recipe.separator) * (recipe.words - 1)
    return words + separators + int(recipe.insert != "none")


def stream(
    recipe: PassphraseRecipe, count: int, *, random_bytes: RandomBytes = os.urandom
) -> Iterator[bytes]:
    """Yield *count* uniform passphrases as UTF-8 lines, in chunks of complete lines.

    Each chunk uses new random bytes and drops those that are left: a forked process must not find
    stored bytes that it could use again.
    """
    recased = str.capitalize if recipe.capitalize == "first" else str
    words = _table([recased(word).encode() for word in recipe.vocabulary])
    variations = _table(_variations(recipe))
    separator = recipe.separator.encode()
    left = count
    while left > 0:
        expected = min(left, _ROWS_PER_CHUNK)
        drawn = _sample(words, expected * recipe.words, random_bytes)
        # The same iterator n times: zip reads n words for each row and drops an incomplete one.
        rows: Iterable[Iterable[bytes]] = zip(*[drawn] * recipe.words, strict=False)
        if recipe.capitalize == "one" or recipe.insert != "none":
            rows = map(_varied, rows, _sample(variations, expected, random_bytes))
        lines = list(map(separator.join, rows))
        if lines:
            left -= len(lines)
            yield b"\n".join(lines) + b"\n"


@functools.lru_cache(maxsize=64)
def _vocabulary(wordlist: str, separator: str) -> tuple[str, ...]:
    """Return the words of the list without those that contain *separator*.

    With an empty separator, words that are not letters only are left out.
    """
    words = wordlists.load(wordlist)
    if separator:
        kept = tuple(word for word in words if separator not in word)
    else:
        kept = tuple(word for word in words if word.isalpha())
    return words if len(kept) == len(words) else kept  # nearly all separators share one tuple


@functools.cache
def _needs_no_separator(wordlist: str) -> bool:
    """Whether words of the list, with nothing between them, can be decoded in only one way."""
    return wordlists.is_prefix_code(_vocabulary(wordlist, ""))


_Variation = tuple[int | None, int, bytes]
"""The word to put in capitals, or None; the word to extend; and the character to add, if any."""


def _variations(recipe: PassphraseRecipe) -> list[_Variation]:
    """Return all variations of a row of words; they are equally likely."""
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
        words[capital] = words[capital].decode().upper().encode()
    words[place] += sign
    return words


def _table(options: Sequence[Item]) -> list[Item | None]:
    """Assign the same number of indexes to each of the *options*; the remaining indexes get None.

    The size is a power of two, and at least 2**16.
    """
    size = max(_SIXTEEN_BITS, 1 << (len(options) - 1).bit_length())
    copies, left_over = divmod(size, len(options))
    return [*options] * copies + [None] * left_over


def _sample(
    table: Sequence[Item | None], attempts: int, random_bytes: RandomBytes
) -> Iterator[Item]:
    """Yield the options of *attempts* random indexes, without those that have no option."""
    if len(table) == _SIXTEEN_BITS:
        indexes: Iterable[int] = array("H", random_bytes(attempts * 2))
    else:
        numbers = array("I", random_bytes(attempts * 4))
        indexes = map((len(table) - 1).__and__, numbers)
    return filter(None, map(table.__getitem__, indexes))
