"""Passphrases: their rules, their exact number, and that each decodes in one way only."""

import os
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import FrozenInstanceError
from itertools import product
from math import log2, sqrt
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passwords.domain import passphrases, wordlists
from passwords.domain.errors import (
    AmbiguousError,
    ForbiddenCharactersError,
    NotNumberError,
    NotTextError,
    NotWholeNumberError,
    OutOfRangeError,
    RecipeError,
    TooLongError,
    UnknownChoiceError,
    UnreachableStrengthError,
)
from passwords.domain.passphrases import INSERT_SYMBOLS, PassphraseRecipe, draw, stream
from passwords.domain.wordlists import WordlistEntry

MakeWordlist = Callable[..., None]

SIGNS = {"none": "", "digit": "0123456789", "symbol": "!#$%&*+=?@"}


class Reading(NamedTuple):
    """One series of choices that gives a passphrase."""

    words: tuple[str, ...]
    capital: int | None = None
    place: int | None = None
    sign: str = ""


@pytest.fixture
def use_wordlist(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeWordlist]:
    """Put a small wordlist named "tiny" among the real ones."""

    def use(*words: str) -> None:
        tiny = WordlistEntry(name="tiny", title="Tiny", read=lambda: words)
        monkeypatch.setitem(wordlists.WORDLISTS, "tiny", tiny)

    def forget() -> None:
        wordlists.load.cache_clear()
        passphrases._vocabulary.cache_clear()
        passphrases._needs_no_separator.cache_clear()

    forget()
    yield use
    forget()


def every_reading(recipe: PassphraseRecipe) -> Iterator[Reading]:
    """Yield every series of choices that the recipe offers, by brute force."""
    places = range(recipe.words)
    capitals = places if recipe.capitalize == "one" else [None]
    inserts: list[tuple[int | None, str]] = list(product(places, SIGNS[recipe.insert]))
    listed = wordlists.load(recipe.wordlist)
    single = [word for word in listed if (recipe.separator or "-") not in word]
    for words in product(single, repeat=recipe.words):
        for capital, (place, sign) in product(capitals, inserts or [(None, "")]):
            yield Reading(words, capital, place, sign)


def written(reading: Reading, recipe: PassphraseRecipe) -> str:
    """Return the passphrase that a series of choices gives."""
    parts = []
    for number, word in enumerate(reading.words):
        form = word[0].upper() + word[1:] if recipe.capitalize == "first" else word
        form = form.upper() if number == reading.capital else form
        parts.append(form + reading.sign if number == reading.place else form)
    return recipe.separator.join(parts)


def readings_of(text: str, recipe: PassphraseRecipe) -> list[Reading]:
    """Return every series of choices that gives *text*: there should be one."""
    words = frozenset(wordlists.load(recipe.wordlist))
    signs = ["", *SIGNS[recipe.insert]]
    found = []

    def read(rest: str, so_far: Reading) -> None:
        number = len(so_far.words)
        if number == recipe.words:
            wanted = (recipe.capitalize == "one", recipe.insert != "none")
            if not rest and wanted == (so_far.capital is not None, so_far.sign != ""):
                found.append(so_far)
            return
        ending = recipe.separator if number < recipe.words - 1 else ""
        for length in range(1, min(len(rest), 10) + 1):
            form, word = rest[:length], rest[:length].lower()
            if word not in words:
                continue
            for sign in signs:
                if rest[length:].startswith(sign + ending):
                    reading = Reading(
                        (*so_far.words, word),
                        number if form == word.upper() else so_far.capital,
                        number if sign else so_far.place,
                        sign or so_far.sign,
                    )
                    read(rest[length + len(sign) + len(ending) :], reading)

    read(text, Reading(()))
    return found


@st.composite
def recipes(draw_from: st.DrawFn) -> PassphraseRecipe:
    """Any valid recipe."""
    insert = draw_from(st.sampled_from(list(SIGNS)))
    allowed = [sign for sign in passphrases.SEPARATOR_CHARACTERS if sign not in SIGNS[insert]]
    return PassphraseRecipe(
        words=draw_from(st.integers(3, 24)),
        wordlist=draw_from(st.sampled_from(list(wordlists.WORDLISTS))),
        separator=draw_from(st.text(allowed, max_size=8)),
        capitalize=draw_from(st.sampled_from(["none", "first", "one"])),
        insert=insert,  # type: ignore[arg-type]  # the keys of SIGNS are the choices
    )


def lines_of(chunks: Iterable[bytes]) -> list[str]:
    return b"".join(chunks).decode().splitlines()


def scripted(numbers: Iterable[int]) -> Callable[[int], bytes]:
    """Return a source of bytes that gives these numbers, one a request."""
    coming = iter(numbers)
    return lambda size: next(coming).to_bytes(size, "big")


def chi_square(counts: Iterable[int], categories: int) -> float:
    """Return how far the counts are from equal, in standard deviations of chi-square."""
    observed = list(counts)
    expected = sum(observed) / categories
    statistic = sum((count - expected) ** 2 / expected for count in observed)
    statistic += (categories - len(observed)) * expected
    return (statistic - (categories - 1)) / sqrt(2 * (categories - 1))


class TestRules:
    """What a recipe may be."""

    def test_six_words_of_the_large_list_with_hyphens_are_the_default(self) -> None:
        recipe = PassphraseRecipe()

        assert (recipe.kind, recipe.size, recipe.wordlist) == ("passphrase", 6, "eff-large")
        assert re.fullmatch(r"[a-z-]+", draw(recipe))

    def test_a_recipe_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            PassphraseRecipe().words = 7  # type: ignore[misc]

    @pytest.mark.parametrize("words", [-1, 0, 2, 25, 10**16])
    def test_the_number_of_words_has_a_range(self, words: int) -> None:
        with pytest.raises(OutOfRangeError, match="words: must be between 3 and 24"):
            PassphraseRecipe(words=words)

    @pytest.mark.parametrize("words", [True, 6.0, "6", None])
    def test_the_number_of_words_is_whole(self, words: Any) -> None:
        with pytest.raises(NotWholeNumberError, match="words: must be a whole number"):
            PassphraseRecipe(words=words)

    @pytest.mark.parametrize("field", ["wordlist", "capitalize", "insert"])
    def test_an_unknown_choice_is_refused(self, field: str) -> None:
        unknown: dict[str, Any] = {field: "all"}

        with pytest.raises(UnknownChoiceError, match=f"{field}: must be one of "):
            PassphraseRecipe(**unknown)

    @pytest.mark.parametrize("field", ["wordlist", "capitalize", "insert", "separator"])
    def test_a_choice_is_text(self, field: str) -> None:
        wrong: dict[str, Any] = {field: None}

        with pytest.raises(NotTextError, match=f"{field}: must be text"):
            PassphraseRecipe(**wrong)

    def test_a_separator_has_at_most_eight_characters(self) -> None:
        PassphraseRecipe(separator="--------")

        with pytest.raises(TooLongError, match="separator: must have at most 8 characters"):
            PassphraseRecipe(separator="---------")

    @pytest.mark.parametrize("separator", ["a", "-Z-", "é", "\n", "\t", "\x00", "—"])
    def test_a_separator_has_no_letters_and_nothing_unprintable(self, separator: str) -> None:
        with pytest.raises(ForbiddenCharactersError, match="separator: may hold only"):
            PassphraseRecipe(separator=separator)

    def test_a_separator_has_no_digit_beside_an_inserted_one(self) -> None:
        PassphraseRecipe(separator="-1-", insert="symbol")

        with pytest.raises(ForbiddenCharactersError, match="separator: may hold only"):
            PassphraseRecipe(separator="-1-", insert="digit")

    @pytest.mark.parametrize("symbol", INSERT_SYMBOLS)
    def test_a_separator_has_no_symbol_that_could_be_inserted(self, symbol: str) -> None:
        PassphraseRecipe(separator=symbol, insert="digit")

        with pytest.raises(ForbiddenCharactersError, match="separator: may hold only"):
            PassphraseRecipe(separator=symbol, insert="symbol")

    @pytest.mark.parametrize("separator", ["-", "_", ".", ",", " ", ":", "/", ""])
    def test_the_usual_separators_are_allowed_beside_symbols(self, separator: str) -> None:
        assert PassphraseRecipe(separator=separator, insert="symbol").separator == separator

    def test_words_that_begin_others_need_a_separator(self, use_wordlist: MakeWordlist) -> None:
        use_wordlist("in", "inside", "side")

        PassphraseRecipe(wordlist="tiny", separator=" ")
        with pytest.raises(AmbiguousError):
            PassphraseRecipe(wordlist="tiny", separator="")


class TestVocabulary:
    """Words that would look like two are left out."""

    @pytest.mark.parametrize("separator", ["-", ""])
    @pytest.mark.parametrize(
        ("wordlist", "left_out"),
        [
            ("eff-large", {"drop-down", "felt-tip", "t-shirt", "yo-yo"}),
            ("eff-short-1", {"yo-yo"}),
            ("eff-short-2", {"yo-yo"}),
            ("pt-br", set()),
            ("es", set()),
        ],
    )
    def test_words_with_a_hyphen_are_left_out_beside_a_hyphen_and_beside_nothing(
        self, wordlist: str, separator: str, left_out: set[str]
    ) -> None:
        recipe = PassphraseRecipe(wordlist=wordlist, separator=separator)

        listed = wordlists.load(wordlist)
        assert set(listed) - set(recipe.vocabulary) == left_out
        assert recipe.count == (len(listed) - len(left_out)) ** 6

    @pytest.mark.parametrize("separator", [" ", "_", ".", "--", "-.", " - ", "1"])
    def test_other_separators_leave_no_word_out(self, separator: str) -> None:
        assert PassphraseRecipe(separator=separator).count == 7776**6

    def test_a_word_that_is_left_out_is_never_drawn(self, use_wordlist: MakeWordlist) -> None:
        use_wordlist("drop-down", "drop", "down")
        recipe = PassphraseRecipe(words=24, wordlist="tiny", separator="-")

        texts = [draw(recipe) for _ in range(20)] + lines_of(stream(recipe, 20))

        assert {len(text.split("-")) for text in texts} == {24}

    def test_a_list_of_which_nothing_is_left_out_is_not_copied(self) -> None:
        recipes = [PassphraseRecipe(wordlist="es", separator=separator) for separator in "-._ "]

        assert {id(recipe.vocabulary) for recipe in recipes} == {id(wordlists.load("es"))}


class TestCount:
    """The exact number of passphrases, and back from a strength."""

    @pytest.mark.parametrize("capitalize", ["none", "first", "one"])
    @pytest.mark.parametrize("insert", ["none", "digit", "symbol"])
    @pytest.mark.parametrize("separator", ["", "-", " . "])
    def test_it_is_the_number_of_different_passphrases(
        self, use_wordlist: MakeWordlist, capitalize: Any, insert: Any, separator: str
    ) -> None:
        use_wordlist("ab", "b", "yo-yo")
        recipe = PassphraseRecipe(
            words=3, wordlist="tiny", separator=separator, capitalize=capitalize, insert=insert
        )

        readings = list(every_reading(recipe))
        different = {written(reading, recipe) for reading in readings}

        assert recipe.count == len(readings) == len(different)
        assert recipe.entropy_bits == pytest.approx(log2(len(different)))

    def test_six_words_of_the_large_list_have_77_and_a_half_bits(self) -> None:
        assert PassphraseRecipe().count == 7772**6
        assert PassphraseRecipe().entropy_bits == pytest.approx(77.544, abs=0.0005)

    def test_ten_words_of_the_large_list_reach_what_a_token_needs(self) -> None:
        assert PassphraseRecipe.for_bits(128).words == 10

    @settings(max_examples=25, deadline=None)
    @given(recipes(), st.floats(1, 248))
    def test_for_bits_gives_the_shortest_recipe(self, rules: PassphraseRecipe, bits: float) -> None:
        others = {
            "wordlist": rules.wordlist,
            "separator": rules.separator,
            "capitalize": rules.capitalize,
            "insert": rules.insert,
        }

        recipe = PassphraseRecipe.for_bits(bits, **others)

        assert recipe.entropy_bits >= bits
        assert (recipe.separator, recipe.insert) == (rules.separator, rules.insert)
        if recipe.words > 3:
            shorter = PassphraseRecipe(words=recipe.words - 1, **others)  # type: ignore[arg-type]
            assert shorter.entropy_bits < bits

    def test_an_unreachable_strength_names_the_number_of_words(self) -> None:
        with pytest.raises(UnreachableStrengthError) as caught:
            PassphraseRecipe.for_bits(90, words=6)

        assert str(caught.value) == "bits: cannot be reached: words allows at most 77.5 bits"

    def test_24_words_are_the_most_without_a_ceiling(self) -> None:
        with pytest.raises(UnreachableStrengthError, match=r"words allows at most 310\.1 bits"):
            PassphraseRecipe.for_bits(311)

    @pytest.mark.parametrize("bits", [0, -1, 2049, float("nan"), float("inf")])
    def test_the_wished_strength_has_a_range(self, bits: float) -> None:
        with pytest.raises(OutOfRangeError, match="bits: must be between 1 and 2048"):
            PassphraseRecipe.for_bits(bits)

    def test_the_wished_strength_is_a_number(self) -> None:
        with pytest.raises(NotNumberError):
            PassphraseRecipe.for_bits("90")  # type: ignore[arg-type]

    def test_the_other_rules_are_checked_too(self) -> None:
        with pytest.raises(RecipeError, match="separator: "):
            PassphraseRecipe.for_bits(90, separator="and")


class TestDraw:
    """One passphrase at a time."""

    @settings(max_examples=150, deadline=None)
    @given(recipes())
    def test_a_passphrase_decodes_to_one_series_of_choices(self, recipe: PassphraseRecipe) -> None:
        text = draw(recipe)

        (reading,) = readings_of(text, recipe)
        assert written(reading, recipe) == text

    @pytest.mark.parametrize("capitalize", ["none", "first", "one"])
    @pytest.mark.parametrize("insert", ["none", "digit", "symbol"])
    def test_each_series_of_random_numbers_gives_another_passphrase(
        self, use_wordlist: MakeWordlist, capitalize: Any, insert: Any
    ) -> None:
        use_wordlist("ab", "b", "yo-yo")
        recipe = PassphraseRecipe(
            words=3, wordlist="tiny", separator=".", capitalize=capitalize, insert=insert
        )
        choices = [range(3)] * 3
        choices += [range(3)] if capitalize == "one" else []
        choices += [range(3), range(10)] if insert != "none" else []

        drawn = Counter(
            draw(recipe, random_bytes=scripted(numbers)) for numbers in product(*choices)
        )

        expected = {written(reading, recipe) for reading in every_reading(recipe)}
        assert drawn == Counter(expected)

    def test_only_the_first_letter_of_a_hyphenated_word_is_a_capital(
        self, use_wordlist: MakeWordlist
    ) -> None:
        use_wordlist("t-shirt")
        recipe = PassphraseRecipe(words=3, wordlist="tiny", separator=" ", capitalize="first")

        assert draw(recipe) == "T-shirt T-shirt T-shirt"
        assert list(stream(recipe, 1)) == [b"T-shirt T-shirt T-shirt\n"]


class TestStream:
    """Passphrases in bulk."""

    @settings(max_examples=50, deadline=None)
    @given(recipes())
    def test_each_line_decodes_to_one_series_of_choices(self, recipe: PassphraseRecipe) -> None:
        lines = lines_of(stream(recipe, 20))

        assert len(lines) == 20
        assert [len(readings_of(line, recipe)) for line in lines] == [1] * 20

    @pytest.mark.parametrize("count", [0, 1, 2, 2048, 2049, 10_000])
    def test_it_gives_the_requested_number_of_lines(self, count: int) -> None:
        chunks = list(stream(PassphraseRecipe(), count))

        assert sum(chunk.count(b"\n") for chunk in chunks) == count
        assert all(chunk.endswith(b"\n") for chunk in chunks)

    def test_chunks_stay_small_for_many_lines(self) -> None:
        chunks = stream(PassphraseRecipe(words=24), 10**12)

        assert len(next(chunks)) < 2**20

    def test_nothing_random_waits_from_one_chunk_to_the_next(self) -> None:
        sources = [os.urandom, bytes]  # bytes(n) is n zeros

        def random_bytes(size: int) -> bytes:
            return sources[0](size)

        chunks = stream(PassphraseRecipe(), 10**6, random_bytes=random_bytes)
        next(chunks)
        sources.pop(0)

        assert set(lines_of([next(chunks)])) == {"-".join(["abacus"] * 6)}

    def test_random_numbers_without_a_word_are_drawn_again(self) -> None:
        answers = iter([b"\xff" * 6, bytes(6)])

        chunks = list(
            stream(PassphraseRecipe(words=3), 1, random_bytes=lambda _size: next(answers))
        )

        assert chunks == [b"abacus-abacus-abacus\n"]

    @pytest.mark.parametrize("name", wordlists.WORDLISTS)
    def test_each_word_stands_for_equally_many_random_numbers(self, name: str) -> None:
        words = wordlists.load(name)

        table = passphrases._table(words)

        numbers = Counter(table)
        left_over = numbers.pop(None, 0)
        assert len(table) == 2**16
        assert set(numbers) == set(words)
        assert len(set(numbers.values())) == 1
        assert left_over < len(words)

    @pytest.mark.parametrize(("code", "size"), [("H", 2**16), ("I", 2**17)])
    def test_a_number_selects_its_own_word(self, code: str, size: int) -> None:
        numbers = array(code, range(size)).tobytes()

        sample = list(passphrases._sample(list(range(1, size + 1)), size, lambda _size: numbers))

        assert sample == list(range(1, size + 1))

    @pytest.mark.parametrize("words", [65_536, 65_537, 100_000])
    def test_every_word_of_a_long_list_stands_for_one_random_number(self, words: int) -> None:
        table = passphrases._table(range(1, words + 1))

        assert sorted(filter(None, table)) == list(range(1, words + 1))
        assert len(table).bit_count() == 1

    def test_letters_outside_ascii_get_their_capitals(self, use_wordlist: MakeWordlist) -> None:
        use_wordlist("ação", "índio", "pão-de-ló")
        recipe = PassphraseRecipe(words=3, wordlist="tiny", separator=".", capitalize="one")

        lines = lines_of(stream(recipe, 500))

        assert {next(word for word in line.split(".") if word.isupper()) for line in lines} == {
            "AÇÃO",
            "ÍNDIO",
            "PÃO-DE-LÓ",
        }
        assert {len(readings_of(line, recipe)) for line in lines} == {1}

    @pytest.mark.parametrize(("capitalize", "insert"), [("none", "none"), ("one", "digit")])
    def test_words_are_equally_frequent_overall_and_at_each_place(
        self, capitalize: Any, insert: Any
    ) -> None:
        recipe = PassphraseRecipe(
            words=3, wordlist="eff-short-1", separator=".", capitalize=capitalize, insert=insert
        )
        lines = lines_of(stream(recipe, 150_000))

        rows = [re.sub(r"\d", "", line).lower().split(".") for line in lines]

        for words in ([word for row in rows for word in row], *zip(*rows, strict=True)):
            assert abs(chi_square(Counter(words).values(), 1296)) < 8

    def test_capitals_and_insertions_are_equally_frequent_at_each_place(self) -> None:
        recipe = PassphraseRecipe(
            words=4, wordlist="eff-short-1", separator=".", capitalize="one", insert="symbol"
        )
        rows = [line.split(".") for line in lines_of(stream(recipe, 100_000))]

        variations = Counter(
            (
                [word[0].isupper() for word in row].index(True),
                [word[-1] in INSERT_SYMBOLS for word in row].index(True),
                next(word[-1] for word in row if word[-1] in INSERT_SYMBOLS),
            )
            for row in rows
        )

        assert len(variations) == 4 * 4 * 10
        assert abs(chi_square(variations.values(), 160)) < 8
