"""Passphrases: their rules, their exact number, and that each decodes in one way only."""

import operator
import os
import re
import shlex
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import FrozenInstanceError, fields, replace
from itertools import combinations_with_replacement, permutations, product
from math import factorial, log2, sqrt
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passwords.domain import build, parameter_names, passphrases, wordlists
from passwords.domain.errors import (
    AmbiguousError,
    ForbiddenCharactersError,
    NotBesideError,
    NotNumberError,
    NotTextError,
    NotWholeNumberError,
    OutOfRangeError,
    RecipeError,
    TooFewCharactersError,
    TooLongError,
    UnknownChoiceError,
    UnreachableStrengthError,
)
from passwords.domain.passphrases import INSERT_SYMBOLS, PassphraseRecipe, draw, stream
from passwords.domain.wordlists import WordlistEntry
from passwords.management.commands.generate import Command
from tests.domain.pages import rows

MakeWordlist = Callable[..., None]

VARIATIONS: list[dict[str, Any]] = [
    {},
    {"capitalize": "first", "insert": "digit"},
    {"capitalize": "one", "insert": "symbol"},
    {"capitalize": "random", "insert_digits": 1},
    {"capitalize": "random", "separators": " -"},
    {"capitalize": "one", "separators": "-_", "insert": "digit"},
    {"separators": "-_", "insert_digits": 1, "insert_symbols": 1},
    {"insert_symbols": 2},
]

DIGITS = "0123456789"
SYMBOLS = "!#$%&*+=?@"


class Reading(NamedTuple):
    """One series of choices that gives a passphrase: one text for each word."""

    forms: tuple[str, ...]
    """The words as written."""
    signs: tuple[str, ...]
    """What is inserted after each word."""
    gaps: tuple[str, ...]
    """The separators, and an empty text after the last word."""

    @property
    def text(self) -> str:
        return "".join(map("".join, zip(*self, strict=True)))


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


def forms_of(words: tuple[str, ...], capitalize: str) -> list[tuple[str, ...]]:
    """Return the ways to write a series of words."""
    first = tuple(word[0].upper() + word[1:] for word in words)
    match capitalize:
        case "none":
            return [words]
        case "first":
            return [first]
        case "random":
            return list(product(*zip(words, first, strict=True)))
        case _:
            return [
                (*words[:number], words[number].upper(), *words[number + 1 :])
                for number in range(len(words))
            ]


def inserted_kinds(recipe: PassphraseRecipe) -> list[str]:
    """Return the characters to choose from, for each inserted one."""
    digits = recipe.insert_digits + (recipe.insert == "digit")
    symbols = recipe.insert_symbols + (recipe.insert == "symbol")
    return [DIGITS] * digits + [SYMBOLS] * symbols


def signs_of(recipe: PassphraseRecipe) -> list[tuple[str, ...]]:
    """Return the ways to insert characters after the words."""
    found: set[tuple[str, ...]] = set()
    for order in set(permutations(inserted_kinds(recipe))):
        for signs in product(*order):
            for places in combinations_with_replacement(range(recipe.words), len(signs)):
                after = [""] * recipe.words
                for place, sign in zip(places, signs, strict=True):
                    after[place] += sign
                found.add(tuple(after))
    return list(found)


def every_reading(recipe: PassphraseRecipe) -> Iterator[Reading]:
    """Yield every series of choices that the recipe offers, by brute force."""
    separators = recipe.separators or [recipe.separator]
    unwanted = [separator or "-" for separator in separators]
    listed = wordlists.load(recipe.wordlist)
    single = [word for word in listed if not any(text in word for text in unwanted)]
    for words in product(single, repeat=recipe.words):
        for forms, signs, gaps in product(
            forms_of(words, recipe.capitalize),
            signs_of(recipe),
            product(separators, repeat=recipe.words - 1),
        ):
            yield Reading(forms, signs, (*gaps, ""))


def are_forms(forms: tuple[str, ...], capitalize: str) -> bool:
    """Return whether the words are written as the recipe says."""
    lower = [form.islower() for form in forms]
    first = [form[0].isupper() and not form[1:].isupper() for form in forms]
    upper = [form.isupper() for form in forms]
    return {
        "none": all(lower),
        "first": not any(lower) and all(first),
        "random": all(map(operator.or_, lower, first)),
        "one": sum(upper) == 1 and sum(lower) == len(forms) - 1,
    }[capitalize]


def starts(text: str, words: frozenset[str], most: int) -> Iterator[tuple[int, int]]:
    """Yield where the first word of *text* may end, and where the characters after it."""
    for length in range(1, min(len(text), 10) + 1):
        if text[:length].lower() in words:
            signs = text[length : length + most]
            run = len(signs) - len(signs.lstrip(DIGITS + SYMBOLS))
            yield from ((length, length + taken) for taken in range(run + 1))


def readings_of(text: str, recipe: PassphraseRecipe) -> list[Reading]:
    """Return every series of choices that gives *text*: there should be one."""
    words = frozenset(wordlists.load(recipe.wordlist))
    separators = recipe.separators or [recipe.separator]
    inserted = sorted(inserted_kinds(recipe))
    found = []

    def is_complete(reading: Reading) -> bool:
        signs = "".join(reading.signs)
        kinds = sorted(DIGITS if sign in DIGITS else SYMBOLS for sign in signs)
        return kinds == inserted and are_forms(reading.forms, recipe.capitalize)

    def read(rest: str, so_far: Reading) -> None:
        left = recipe.words - len(so_far.forms)
        if not left:
            if not rest and is_complete(so_far):
                found.append(so_far)
            return
        gaps = separators if left > 1 else [""]
        for (word, end), gap in product(starts(rest, words, len(inserted)), gaps):
            if rest[end:].startswith(gap):
                forms = (*so_far.forms, rest[:word])
                signs = (*so_far.signs, rest[word:end])
                read(rest[end + len(gap) :], Reading(forms, signs, (*so_far.gaps, gap)))

    read(text, Reading((), (), ()))
    return found


@st.composite
def recipes(draw_from: st.DrawFn) -> PassphraseRecipe:
    """Any valid recipe."""
    insert: Any = draw_from(st.sampled_from(["none", "none", "digit", "symbol"]))
    numbers = st.sampled_from([0, 0, 1, 2, 10]) if insert == "none" else st.just(0)
    digits, symbols = draw_from(numbers), draw_from(numbers)
    allowed = passphrases.SEPARATOR_CHARACTERS
    if digits or insert == "digit":
        allowed = "".join(sign for sign in allowed if sign not in DIGITS)
    if symbols or insert == "symbol":
        allowed = "".join(sign for sign in allowed if sign not in SYMBOLS)
    return PassphraseRecipe(
        words=draw_from(st.integers(3, 24)),
        wordlist=draw_from(st.sampled_from(list(wordlists.WORDLISTS))),
        separator=draw_from(st.text(allowed, max_size=8)),
        separators=draw_from(
            st.just("") | st.text(allowed, min_size=2, max_size=10).filter(lambda t: len({*t}) > 1)
        ),
        capitalize=draw_from(st.sampled_from(["none", "first", "one", "random"])),
        insert=insert,
        insert_digits=digits,
        insert_symbols=symbols,
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

    @pytest.mark.parametrize(
        "field", ["wordlist", "capitalize", "insert", "separator", "separators"]
    )
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

    @pytest.mark.parametrize("field", ["separator", "separators"])
    def test_no_separator_is_one_of_several_inserted_characters(self, field: str) -> None:
        for text, others in (("-1", {"insert_digits": 2}), ("-!", {"insert_symbols": 2})):
            build("passphrase", {field: text})

            with pytest.raises(ForbiddenCharactersError, match=f"{field}: may hold only"):
                build("passphrase", {field: text, **others})

    @pytest.mark.parametrize("separators", ["a-", "é-", "\n-", "\x00-"])
    def test_a_set_of_separators_has_no_other_characters(self, separators: str) -> None:
        with pytest.raises(ForbiddenCharactersError, match="separators: may hold only"):
            PassphraseRecipe(separators=separators)

    def test_a_set_of_separators_has_two_or_more_different_ones_and_no_order(self) -> None:
        for separators in ("-", "--"):
            with pytest.raises(TooFewCharactersError, match="at least 2 different characters"):
                PassphraseRecipe(separators=separators)
        with pytest.raises(TooLongError, match="separators: must have at most 43 characters"):
            PassphraseRecipe(separators="-" * 44)

        assert PassphraseRecipe(separators="_-_") == PassphraseRecipe(separators="-_")
        assert PassphraseRecipe(separators=passphrases.SEPARATOR_CHARACTERS).separations == 43**5

    def test_a_set_of_separators_is_in_place_of_the_separator(self) -> None:
        for parameters in (
            {"separators": "-_", "separator": "-"},
            {"separators": "-_", "separator": ""},
        ):
            with pytest.raises(
                NotBesideError, match="separator: must be left out beside separators"
            ):
                build("passphrase", parameters)

        build("passphrase", {"separators": "", "separator": "."})
        assert build("passphrase", {"separators": "-_", "bits": 77}).size == 6

    @pytest.mark.parametrize("field", ["insert_digits", "insert_symbols"])
    def test_the_numbers_of_inserted_characters_have_a_range(self, field: str) -> None:
        for number in (-1, 11):
            with pytest.raises(OutOfRangeError, match=f"{field}: must be between 0 and 10"):
                build("passphrase", {field: number})
        with pytest.raises(NotWholeNumberError, match=field):
            build("passphrase", {field: True})
        with pytest.raises(NotBesideError, match=f"insert: must be left out beside {field}"):
            build("passphrase", {field: 1, "insert": "symbol"})

    def test_a_set_of_separators_needs_no_prefix_code(self, use_wordlist: MakeWordlist) -> None:
        use_wordlist("in", "inside", "side")

        assert PassphraseRecipe(wordlist="tiny", separator="", separators="-_").count == 3**6 * 2**5

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

    @pytest.mark.parametrize("rules", VARIATIONS)
    @pytest.mark.parametrize("separator", ["", "-", " . "])
    def test_it_is_the_number_of_different_passphrases(
        self, use_wordlist: MakeWordlist, rules: dict[str, Any], separator: str
    ) -> None:
        use_wordlist("ab", "b", "yo-yo")
        recipe = PassphraseRecipe(words=3, wordlist="tiny", separator=separator, **rules)

        readings = list(every_reading(recipe))
        different = {reading.text for reading in readings}

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
        others: dict[str, Any] = {
            item.name: getattr(rules, item.name) for item in fields(rules) if item.name != "words"
        }

        recipe = PassphraseRecipe.for_bits(bits, **others)

        assert recipe.entropy_bits >= bits
        assert replace(recipe, words=rules.words) == rules
        if recipe.words > 3:
            assert replace(recipe, words=recipe.words - 1).entropy_bits < bits

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
        assert reading.text == text

    @pytest.mark.parametrize("rules", VARIATIONS)
    def test_all_series_of_random_numbers_give_each_passphrase_equally_often(
        self, use_wordlist: MakeWordlist, rules: dict[str, Any]
    ) -> None:
        use_wordlist("ab", "b")
        recipe = PassphraseRecipe(words=3, wordlist="tiny", separator=".", **rules)
        choices = [range(2)] * 3
        choices += {"one": [range(3)], "random": [range(2)] * 3}.get(recipe.capitalize, [])
        choices += [range(len(recipe.separators))] * 2 if recipe.separators else []
        for before in range(len(recipe.inserted)):
            choices += [range(3 + before), range(10)]

        drawn = Counter(
            draw(recipe, random_bytes=scripted(numbers)) for numbers in product(*choices)
        )

        orders = factorial(recipe.insert_digits) * factorial(recipe.insert_symbols)
        assert drawn == {reading.text: orders for reading in every_reading(recipe)}

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

    @pytest.mark.parametrize(
        ("words", "rules"),
        [
            (["ab", "b"], {"separators": "-_. ", "capitalize": "random"}),
            (["ab", "b"], {"separators": "-_", "capitalize": "one", "insert": "digit"}),
            (["ab"], {"capitalize": "one", "insert_digits": 1, "insert_symbols": 1}),
            (["ab", "b"], {"separator": "", "insert_symbols": 2}),
        ],
    )
    def test_all_passphrases_are_equally_frequent(
        self, use_wordlist: MakeWordlist, words: list[str], rules: dict[str, Any]
    ) -> None:
        use_wordlist(*words)
        recipe = PassphraseRecipe(words=3, wordlist="tiny", **rules)

        drawn = Counter(lines_of(stream(recipe, 100_000)))

        assert len(drawn) == recipe.count
        assert abs(chi_square(drawn.values(), recipe.count)) < 8

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


@pytest.mark.parametrize("page", ["rules.md", "rules.pt-BR.md"])
def test_the_documentation_has_the_ways_the_bits_and_a_secret_of_each_example(page: str) -> None:
    parser = Command().create_parser("manage.py", "generate")
    examples = rows(page, 5)

    assert len(examples) == 8
    for example, _meaning, secret, ways, bits in examples:
        options = vars(parser.parse_args(["passphrase", *shlex.split(example.strip("`"))]))
        names = parameter_names("passphrase") & options.keys()
        recipe = build("passphrase", {name: options[name] for name in names})
        assert isinstance(recipe, PassphraseRecipe)
        assert recipe.count == len(recipe.vocabulary) ** recipe.words * int(ways), example
        assert round(recipe.entropy_bits, 1) == float(bits), example
        assert len(readings_of(secret.strip("`"), recipe)) == 1, example
