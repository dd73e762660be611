"""Passphrases: words drawn from a list; each passphrase can be decoded in exactly one way.

Words that would look like two are left out: with a hyphen between the words, or with nothing,
``t-shirt`` looks like ``t`` and ``shirt``. Bitwarden (sdk-internal, pull request 1007) and
KeePassXC (pull request 11409) removed these words too.

Two different sequences of choices never give the same text, so the number of passphrases is the
number of choices: the product of

- N**n for *n* words out of *N*;
- G**(n-1) if each gap has one of *G* separators;
- n if one word is in capitals, or 2**n if each word begins with a capital or not;
- C(n+k-1, k) C(k, d) 10**k for *k* inserted characters, *d* of them digits: each is after some
  word, and characters after the same word have an order.

Validation enforces the conditions of the proof:

1. Words begin and end with a letter, and no word contains a separator. A separator has no letters,
   so its first occurrence is the end of the first word. If the separator is empty, no word is the
   start of another.
2. Words are lowercase, each of their letters has a capital of its own, and separators have no
   letters. So capitals can be recognised and undone.
3. An inserted character is in no word and no separator, so it can be found and removed, and shows
   the word that it follows.
"""

import functools
import math
import operator
import os
import string
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, ClassVar, Final, Literal, Self, TypeVar, get_args

from passwords.domain import wordlists
from passwords.domain.errors import (
    AmbiguousError,
    ForbiddenCharactersError,
    NotBesideError,
    TooFewCharactersError,
    TooLongError,
)
from passwords.domain.randomness import RandomBytes, below, choice
from passwords.domain.strength import Counted, shortest
from passwords.domain.validation import require_choice, require_text, require_whole_number

Capitalize = Literal["none", "first", "random", "one"]
Insert = Literal["none", "digit", "symbol"]

MIN_WORDS: Final = 3
MAX_WORDS: Final = 24
MAX_SEPARATOR_LENGTH: Final = 8
SEPARATOR_CHARACTERS: Final = f" {string.digits}{string.punctuation}"
MIN_SEPARATORS: Final = 2
MAX_INSERTED: Final = 10
"""The most inserted digits, and the most inserted symbols."""

INSERT_SYMBOLS: Final = "!#$%&*+=?@"
"""The symbols that are inserted.

They are ten, as many as digits, and on every keyboard. The usual separators (hyphen, underscore,
full stop, comma, space) are not among them, so both can be used together.
"""

_ROWS_PER_CHUNK: Final = 2048
_SIXTEEN_BITS: Final = 1 << 16
"""The smallest size of a table: its indexes are read from the random bytes fastest."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseRecipe(Counted):
    """Words from one list with separators between them.

    Raises:
        RecipeError: a parameter is not valid; names the field.
    """

    kind: ClassVar[str] = "passphrase"

    words: int = 6
    """3 to 24."""
    wordlist: str = "eff-large"
    """A name in `passwords.domain.wordlists.WORDLISTS`."""
    separator: str = "-"
    """0 to 8 digits, ASCII punctuation and spaces, without characters that may be inserted."""
    separators: str = ""
    """Two or more such characters, of which each gap has a random one, in place of *separator*."""
    capitalize: Capitalize = "none"
    """The first letter of every word, or of each word with a chance of one half (``random``); or
    all of one random word (``one``)."""
    insert: Insert = "none"
    """A random digit, or one of INSERT_SYMBOLS, after one random word."""
    insert_digits: int = 0
    """0 to 10 random digits, each after a random word, in place of *insert*."""
    insert_symbols: int = 0
    """0 to 10 of INSERT_SYMBOLS, likewise."""

    def __post_init__(self) -> None:
        require_whole_number("words", self.words, minimum=MIN_WORDS, maximum=MAX_WORDS)
        require_choice("wordlist", self.wordlist, wordlists.WORDLISTS)
        require_choice("capitalize", self.capitalize, get_args(Capitalize))
        require_choice("insert", self.insert, get_args(Insert))
        self._require_insertions()
        self._require_separators()

    def _require_insertions(self) -> None:
        for name in ("insert_digits", "insert_symbols"):
            number = getattr(self, name)
            require_whole_number(name, number, minimum=0, maximum=MAX_INSERTED)
            if number and self.insert != "none":
                raise NotBesideError("insert", rule=name)

    def _require_separators(self) -> None:
        inserted = set().union(*self.inserted)
        allowed = "".join(sign for sign in SEPARATOR_CHARACTERS if sign not in inserted)
        for name, maximum in (
            ("separator", MAX_SEPARATOR_LENGTH),
            ("separators", len(SEPARATOR_CHARACTERS)),
        ):
            text = getattr(self, name)
            require_text(name, text)
            if len(text) > maximum:
                raise TooLongError(name, maximum=maximum)
            if not set(text) <= set(allowed):
                raise ForbiddenCharactersError(name, allowed=allowed)
        if self.separators and len(set(self.separators)) < MIN_SEPARATORS:
            raise TooFewCharactersError("separators", minimum=MIN_SEPARATORS)
        object.__setattr__(self, "separators", "".join(sorted(set(self.separators))))
        if not self.separators and not self.separator and not _needs_no_separator(self.wordlist):
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
        # Of all separators of one character, only a hyphen can be in a word.
        of_set = "-" if "-" in self.separators else self.separators[:1]
        return _vocabulary(self.wordlist, of_set or self.separator)

    @property
    def inserted(self) -> tuple[str, ...]:
        """The characters from which each inserted one is drawn."""
        digits = self.insert_digits + (self.insert == "digit")
        symbols = self.insert_symbols + (self.insert == "symbol")
        return (string.digits,) * digits + (INSERT_SYMBOLS,) * symbols

    @property
    def separations(self) -> int:
        """The number of ways to separate the words."""
        gaps: int = (len(self.separators) or 1) ** (self.words - 1)
        return gaps

    @property
    def capitals(self) -> int:
        """The number of ways to put capitals."""
        ways: dict[str, int] = {"one": self.words, "random": 2**self.words}
        return ways.get(self.capitalize, 1)

    @property
    def insertions(self) -> int:
        """The number of ways to insert digits and symbols."""
        signs = self.inserted
        places = math.comb(self.words + len(signs) - 1, len(signs))
        kinds = math.comb(len(signs), signs.count(string.digits))
        return places * kinds * math.prod(map(len, signs))

    @property
    def count(self) -> int:
        """The exact number of different passphrases."""
        words: int = len(self.vocabulary) ** self.words
        return words * self.separations * self.capitals * self.insertions


def draw(recipe: PassphraseRecipe, *, random_bytes: RandomBytes = os.urandom) -> str:
    """Return one passphrase, uniform over all that *recipe* allows."""
    vocabulary = recipe.vocabulary
    words = [choice(vocabulary, random_bytes=random_bytes) for _ in range(recipe.words)]
    if recipe.capitalize == "first":
        words = [word.capitalize() for word in words]
    elif recipe.capitalize == "random":
        words = [choice((word, word.capitalize()), random_bytes=random_bytes) for word in words]
    elif recipe.capitalize == "one":
        capital = below(recipe.words, random_bytes=random_bytes)
        words[capital] = words[capital].upper()
    if not (recipe.separators or recipe.inserted):
        return recipe.separator.join(words)
    return _varied(words, recipe, random_bytes)


def _varied(words: Sequence[str], recipe: PassphraseRecipe, random_bytes: RandomBytes) -> str:
    """Return *words* with separators between them, and the inserted characters after them."""
    gaps = [recipe.separator] * (recipe.words - 1)
    if recipe.separators:
        gaps = [choice(recipe.separators, random_bytes=random_bytes) for _ in gaps]
    elements = [words[0], *map(operator.add, gaps, words[1:])]
    # After a random one of all elements so far, also of the inserted ones. All orders of different
    # elements would be equally likely, and each order of d digits and s symbols is d! s! of these.
    for signs in recipe.inserted:
        place = below(len(elements), random_bytes=random_bytes)
        elements.insert(place + 1, choice(signs, random_bytes=random_bytes))
    return "".join(elements)


def longest(recipe: PassphraseRecipe) -> int:
    """Return the length of the longest passphrase that *recipe* allows, in bytes of UTF-8."""
    words = max(map(_most_bytes, recipe.vocabulary)) * recipe.words
    separators = (1 if recipe.separators else len(recipe.separator)) * (recipe.words - 1)
    return words + separators + len(recipe.inserted)


def _most_bytes(word: str) -> int:
    """Return the bytes of a word, of its lowercase or of its capital letters."""
    return len(word) if word.isascii() else max(len(word.encode()), len(word.upper().encode()))


def stream(
    recipe: PassphraseRecipe, count: int, *, random_bytes: RandomBytes = os.urandom
) -> Iterator[bytes]:
    """Yield *count* uniform passphrases as UTF-8 lines, in chunks of complete lines.

    Each chunk uses new random bytes and drops those that are left: a forked process must not find
    stored bytes that it could use again.
    """
    has_more = recipe.separators or len(recipe.inserted) > 1
    draw_lines = (_varied_lines if has_more else _plain_lines)(recipe, random_bytes)
    left = count
    while left > 0:
        if lines := draw_lines(min(left, _ROWS_PER_CHUNK)):
            left -= len(lines)
            yield b"\n".join(lines) + b"\n"


_DrawLines = Callable[[int], list[bytes]]
"""Draws at most the given number of lines, and some sooner or later."""


def _plain_lines(recipe: PassphraseRecipe, random_bytes: RandomBytes) -> _DrawLines:
    """Return the fast way for one separator and at most one inserted character."""
    words = _table(_written_words(recipe))
    join = recipe.separator.encode().join
    signs = "".join(recipe.inserted)
    variations = _table(_variations(recipe, signs))

    def draw_lines(attempts: int) -> list[bytes]:
        drawn = _sample(words, attempts * recipe.words, random_bytes)
        rows: Iterable[Iterable[bytes]] = _rows(drawn, recipe.words)
        if recipe.capitalize == "one" or signs:
            rows = map(_varied_row, rows, _sample(variations, attempts, random_bytes))
        return list(map(join, rows))

    return draw_lines


def _varied_lines(recipe: PassphraseRecipe, random_bytes: RandomBytes) -> _DrawLines:
    """Return the way for all recipes: each word follows a separator, the first one too.

    So inserted characters come before the separator of the next word. The first separator is
    removed at the end.
    """
    lead = b"" if recipe.separators else recipe.separator.encode()
    words = _table([lead + word for word in _written_words(recipe)])
    separators = _table([separator.encode() for separator in recipe.separators or " "])
    variations = _table(_variations(recipe, ""))
    insertions = [
        _table([(place, sign.encode()) for place in range(recipe.words + before) for sign in signs])
        for before, signs in enumerate(recipe.inserted)
    ]
    start = 1 if recipe.separators else len(lead)

    def draw_lines(attempts: int) -> list[bytes]:
        elements = _sample(words, attempts * recipe.words, random_bytes)
        if recipe.separators:
            drawn = _sample(separators, attempts * recipe.words, random_bytes)
            elements = map(operator.add, drawn, elements)
        rows: Iterator[list[bytes]] = map(list, _rows(elements, recipe.words))
        if recipe.capitalize == "one":
            rows = map(_varied_row, rows, _sample(variations, attempts, random_bytes))
        for table in insertions:
            rows = map(_inserted, rows, _sample(table, attempts, random_bytes))
        return [b"".join(row)[start:] for row in rows]

    return draw_lines


def _written_words(recipe: PassphraseRecipe) -> list[bytes]:
    """Return the words in every form in which they are drawn, equally often each."""
    words = recipe.vocabulary
    capitalized = map(str.capitalize, words)
    match recipe.capitalize:
        case "first":
            forms: Iterable[str] = capitalized
        case "random":
            forms = chain(words, capitalized)
        case _:
            forms = words
    return [form.encode() for form in forms]


def _rows(items: Iterable[Item], width: int) -> Iterator[tuple[Item, ...]]:
    """Yield tuples of *width* of the items, without an incomplete last one."""
    # The same iterator n times: zip reads n items for each row.
    return zip(*[iter(items)] * width, strict=False)


_Variation = tuple[int | None, int, bytes]
"""The word to put in capitals, or None; the word to extend; and the character to add, if any."""


def _variations(recipe: PassphraseRecipe, signs: str) -> list[_Variation]:
    """Return all variations of a row of words by capitals and one of *signs*; equally likely."""
    places = range(recipe.words)
    capitals = places if recipe.capitalize == "one" else [None]
    additions = [(place, sign.encode()) for place in places for sign in signs] or [(0, b"")]
    return [(capital, place, sign) for capital, (place, sign) in product(capitals, additions)]


def _varied_row(row: Iterable[bytes], variation: _Variation) -> list[bytes]:
    words = list(row)
    capital, place, sign = variation
    if capital is not None:
        word = words[capital]
        words[capital] = word.upper() if word.isascii() else word.decode().upper().encode()
    words[place] += sign
    return words


def _inserted(row: list[bytes], insertion: tuple[int, bytes]) -> list[bytes]:
    place, sign = insertion
    row.insert(place + 1, sign)
    return row


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
