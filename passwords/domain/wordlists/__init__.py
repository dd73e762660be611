"""The wordlists of passphrases: names, licences and words.

Each list is read once in a process, when its words are first used; the table below needs no file.
docs/wordlists.md describes the sources of the lists and how they were made.
"""

import functools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Final

from passwords.domain.errors import UnknownChoiceError

MIN_SIZE: Final = 1000
"""The fewest words of a registered list; words with a hyphen are not counted."""
MAX_SIZE: Final = 100_000
MAX_WORD_BYTES: Final = 64
"""In UTF-8: a passphrase then has less than 2048 bytes, as many as the longest secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordlistEntry:
    """A wordlist without its words, which `load` returns.

    Lists that `register` added have only a name, a title, and the function that returns the words.
    """

    name: str
    title: str
    language: str = ""
    """BCP 47 tag."""
    counted: int = 0
    """The number of words, so that a packaged list need not be read for it."""
    licence: str = ""
    attribution: str = ""
    """The authors that the licence requires to name."""
    source: str = ""
    sha256: str = ""
    """Of the data file: one word in each line, with a newline at the end."""
    read: Callable[[], tuple[str, ...]] | None = None

    @property
    def size(self) -> int:
        """The number of words."""
        return self.counted or len(load(self.name))

    @property
    def bits_per_word(self) -> float:
        """The entropy of a word, in bits."""
        return math.log2(self.size)


_EFF_LICENCE = "CC BY 3.0 US"
_EFF_ATTRIBUTION = "Electronic Frontier Foundation, Joseph Bonneau, 2016"
_SHARE_ALIKE = "CC BY-SA 4.0"

WORDLISTS: dict[str, WordlistEntry] = {
    entry.name: entry
    for entry in (
        WordlistEntry(
            name="eff-large",
            title="EFF large",
            language="en",
            counted=7776,
            licence=_EFF_LICENCE,
            attribution=_EFF_ATTRIBUTION,
            source="EFF's New Wordlists for Random Passphrases, long list (five dice)",
            sha256="6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522",
        ),
        WordlistEntry(
            name="eff-short-1",
            title="EFF short 1",
            language="en",
            counted=1296,
            licence=_EFF_LICENCE,
            attribution=_EFF_ATTRIBUTION,
            source="EFF's New Wordlists for Random Passphrases, general short list (four dice)",
            sha256="36ecca49e4fa20ca84b176c32f2e9c82f98f446585190e75f9879a95c08247bf",
        ),
        WordlistEntry(
            name="eff-short-2",
            title="EFF short 2",
            language="en",
            counted=1296,
            licence=_EFF_LICENCE,
            attribution=_EFF_ATTRIBUTION,
            source=(
                "EFF's New Wordlists for Random Passphrases, short list with unique "
                "three-letter prefixes (four dice)"
            ),
            sha256="7aa57a4d3ecf6581729992bad9575bacdebf7c28378af2aec6a50f11aec326f5",
        ),
        WordlistEntry(
            name="pt-br",
            title="Português (Brasil)",
            language="pt-BR",
            counted=4453,
            licence=_SHARE_ALIKE,
            attribution=(
                "drebs, 2019 (CC BY 3.0); Pavol Rusnak and the authors of BIP-39 (MIT); "
                "wordfreq by Robyn Speer, 2022, and its sources (CC BY-SA 4.0)"
            ),
            source="diceware's and BIP-39's Portuguese lists, filtered for this project",
            sha256="e07868083dea0b3a67f4e64c9495183233fcdda1e65a02b0d3b965f0cc7fd713",
        ),
        WordlistEntry(
            name="es",
            title="Español",
            language="es",
            counted=5720,
            licence=_SHARE_ALIKE,
            attribution="wordfreq by Robyn Speer, 2022, and its sources (CC BY-SA 4.0)",
            source="The wspanish word list (public domain), filtered for this project",
            sha256="fe5d3d80ab829491570bf5a3c4a17e36f6d384da2572c5b72b9b9232e751f8a6",
        ),
    )
}
"""Every wordlist by name, the default first."""


def register(name: str, read: Callable[[], tuple[str, ...]]) -> None:
    """Add the list *name*, which is also its title, after the others.

    Args:
        name: lower-case ASCII letters, digits and hyphens; not the name of another list.
        read: returns MIN_SIZE to MAX_SIZE different words, for each of which `is_word` is true. It
            is called when the words are first used.

    Raises:
        ValueError: there is a list of this name.
    """
    if name in WORDLISTS:
        raise ValueError(name)
    WORDLISTS[name] = WordlistEntry(name=name, title=name, read=read)


@functools.cache
def load(name: str) -> tuple[str, ...]:
    """Return the words of the list *name*, in the order of its file.

    Raises:
        UnknownChoiceError: there is no such wordlist.
    """
    if name not in WORDLISTS:
        raise UnknownChoiceError("wordlist", choices=WORDLISTS)
    if read := WORDLISTS[name].read:
        return read()
    return tuple(resources.files(__name__).joinpath(f"{name}.txt").read_text("ascii").split())


def is_word(text: str) -> bool:
    """Whether a list may have this word: lowercase letters, with single hyphens between them.

    Then every passphrase can be decoded (passwords/domain/passphrases.py gives the conditions).
    """
    if len(text.encode()) > MAX_WORD_BYTES:
        return False
    if text.isascii() and text.isalpha():  # most words
        return text.islower()
    return all(part and all(map(_is_lowercase_letter, part)) for part in text.split("-"))


@functools.lru_cache(maxsize=1024)
def _is_lowercase_letter(character: str) -> bool:
    """Whether it has exactly one capital, which has no other lowercase letter.

    This is not so for ß, whose capital is SS, and for the Turkish i without a dot and the Greek
    final sigma, whose capitals are those of other letters too.
    """
    capital = character.upper()
    return (
        character.isalpha()
        and character != capital == character.title()
        and capital.lower() == character
    )


def is_prefix_code(codewords: Iterable[str]) -> bool:
    """Whether no codeword is the start of another or occurs twice: then decoding is unique."""
    ordered = sorted(codewords)
    # In sorted order, a word that starts with a codeword directly follows it.
    return not any(following.startswith(codeword) for codeword, following in pairwise(ordered))
