"""Build the Portuguese and the Spanish wordlist from their sources, always with the same words.

docs/wordlists.md names the sources and their licences. Run it from the root of the project in a
separate virtual environment that has wordfreq 3.1.1:

    python tools/build_wordlists.py pt-br wordlist_pt-br.txt portuguese.txt
    python tools/build_wordlists.py es spanish

The first file comes from the package diceware 1.0.1, the second from mnemonic 0.21 (both Python),
the third from Debian's package wspanish 1.0.30 (usr/share/dict).
"""

import argparse
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wordfreq import get_frequency_list

HERE = Path(__file__).parent
LISTS = HERE.parent / "passwords/domain/wordlists"

TYPEABLE = re.compile(r"[a-z]{3,9}")

# Zipf values: log10 of the uses per billion words. A word of 3 occurs once in a million words.
ACCENT_MARGIN = 0.3
"""An unaccented spelling must be this much more usual than an accented one (arbol, árbol)."""
INFINITIVE_BONUS = 0.7
PREFERRED_BONUS = 1.0
"""For words that the authors of a hand-made list have chosen before."""
LEAST_WORTH = 0.3

SHORTEST_STEM = 3

Frequencies = dict[str, float]
Endings = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The differences between the two languages."""

    code: str
    rarest: float
    """The Zipf value below which words of the source are left out."""
    family_endings: tuple[str, ...]
    """Words that differ in these only are one family, of which one member is taken."""
    verb_endings: Endings = ()
    """Endings of finite verbs and gerunds; those of the infinitives to be listed instead."""
    other_endings: Endings = ()
    """Other endings; those of the form to be listed instead, if it is the more usual one."""


LANGUAGES = {
    "pt-br": Language(
        code="pt",
        rarest=2.6,
        family_endings=(
            *("ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida", "ando", "endo", "indo"),
            *("ar", "er", "ir", "os", "as", "o", "a", "e"),
        ),
        verb_endings=(
            *(("ou", ("ar",)), ("iu", ("ir",)), ("eu", ("er",)), ("ei", ("ar",))),
            *(("ando", ("ar",)), ("endo", ("er",)), ("indo", ("ir",))),
            *(("ava", ("ar",)), ("aria", ("ar",)), ("arei", ("ar",)), ("ia", ("er", "ir"))),
            *(("amos", ("ar",)), ("emos", ("er",)), ("imos", ("ir",))),
            *(("asse", ("ar",)), ("esse", ("er",)), ("isse", ("ir",))),
            *(("aram", ("ar",)), ("eram", ("er",)), ("iram", ("ir",))),
            *(("am", ("ar",)), ("em", ("er", "ir", "ar"))),
        ),
        other_endings=(
            *(("ais", ("al",)), ("ins", ("im",)), ("ons", ("om",)), ("uns", ("um",))),
            *(("ens", ("em",)), ("s", ("",)), ("a", ("ar",)), ("e", ("er", "ir", "ar"))),
        ),
    ),
    "es": Language(
        code="es",
        rarest=2.75,
        family_endings=("ado", "ada", "ido", "ida", "ar", "er", "ir", "o", "a"),
    ),
}


def main() -> None:
    """Read the sources named on the command line and write one wordlist."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=LANGUAGES)
    parser.add_argument("source", type=Path, help="one word a line")
    parser.add_argument("preferred", type=Path, nargs="?", help="the same, chosen by hand")
    arguments = parser.parse_args()

    language = LANGUAGES[arguments.name]
    preferred = read_words(arguments.preferred) | read_words(
        HERE / f"wordlists/{arguments.name}.added"
    )
    blocked = read_words(HERE / f"wordlists/{arguments.name}.blocked")
    zipf = read_frequencies(language.code)

    candidates = choose_candidates(read_words(arguments.source), preferred, language, zipf)
    chosen = one_of_each_family(candidates - blocked, preferred, language, zipf)
    words = prefix_free(chosen, lambda word: worth(word, preferred, zipf))
    (LISTS / f"{arguments.name}.txt").write_text("".join(f"{word}\n" for word in words), "ascii")
    sys.stdout.write(f"{arguments.name}: {len(words)} words\n")


def read_words(path: Path | None) -> set[str]:
    """Return the words of a file; lines that begin with # are comments."""
    if path is None or not path.exists():
        return set()
    lines = path.read_text("utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def read_frequencies(code: str) -> Frequencies:
    """Return each word's Zipf value; wordfreq keeps one bin of words for each hundredth."""
    return {
        word: 9 - hundredths / 100
        for hundredths, words in enumerate(get_frequency_list(code, "large"))
        for word in words
    }


def choose_candidates(
    source: set[str], preferred: set[str], language: Language, zipf: Frequencies
) -> set[str]:
    """Return the usual words that need no accent, dictionary forms in place of inflected ones."""
    accented: Frequencies = defaultdict(float)
    for word, value in zipf.items():
        if (plain := without_accents(word)) != word:
            accented[plain] = max(accented[plain], value)

    def needs_no_accent(word: str) -> bool:
        return accented[word] < zipf.get(word, 0) - ACCENT_MARGIN

    usual = {word for word in source if zipf.get(word, 0) >= language.rarest}
    listed = {dictionary_form(word, language, zipf) for word in usual - preferred} | preferred
    return {word for word in listed if TYPEABLE.fullmatch(word) and needs_no_accent(word)}


def without_accents(word: str) -> str:
    """Return the word without accents."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def dictionary_form(word: str, language: Language, zipf: Frequencies) -> str:
    """Return the word of which *word* looks like an inflected form, or *word* itself."""
    for form in replaced(word, language.verb_endings):
        if zipf.get(form, 0) >= language.rarest:
            return form
    for form in replaced(word, language.other_endings):
        if zipf.get(form, 0) > zipf.get(word, 0):
            return form
    return word


def replaced(word: str, endings: Endings) -> Iterator[str]:
    """Yield the word with each of its *endings* replaced."""
    for ending, replacements in endings:
        if word.endswith(ending):
            yield from (word.removesuffix(ending) + replacement for replacement in replacements)


def one_of_each_family(
    words: set[str], preferred: set[str], language: Language, zipf: Frequencies
) -> set[str]:
    """Keep one of the words that differ only in gender or in being a verb or its participle."""
    families = defaultdict(list)
    for word in words:
        families[stem(word, language.family_endings)].append(word)

    def standing(word: str) -> tuple[float, str]:
        bonus = INFINITIVE_BONUS if word.endswith(("ar", "er", "ir")) else 0
        bonus += PREFERRED_BONUS if word in preferred else 0
        return zipf.get(word, 0) + bonus, word

    return {max(family, key=standing) for family in families.values()}


def stem(word: str, endings: Iterable[str]) -> str:
    """Return the word without the first of the *endings* that leaves three letters."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def worth(word: str, preferred: set[str], zipf: Frequencies) -> float:
    """Return the worth of a word: usual words have more than rare ones."""
    return max(zipf.get(word, 0) - 2, LEAST_WORTH) + (
        PREFERRED_BONUS / 2 if word in preferred else 0
    )


def prefix_free(words: set[str], worth: Callable[[str], float]) -> list[str]:
    """Return the words with the greatest total worth of which none is the start of another, sorted.

    A word is compared with all words that start with it, and the side that is worth more stays. In
    reverse order, all words that start with a word are decided before it.
    """
    settled: list[tuple[str, float, list[str]]] = []
    for word in sorted(words, reverse=True):
        value, kept = 0.0, []
        while settled and settled[-1][0].startswith(word):
            _, its_value, its_words = settled.pop()
            value += its_value
            kept += its_words
        if worth(word) >= value:
            value, kept = worth(word), [word]
        settled.append((word, value, kept))
    return sorted(word for _, _, kept in settled for word in kept)


if __name__ == "__main__":
    main()
