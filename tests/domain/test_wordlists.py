"""The packaged wordlists: what is promised of them, and that the files keep it."""

import math
import re
from hashlib import sha256
from importlib import resources
from itertools import permutations
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwords.domain import wordlists
from passwords.domain.errors import UnknownChoiceError
from passwords.domain.wordlists import WORDLISTS, is_prefix_code, is_word, load, register

PROJECT = Path(__file__).parents[2]

every_list = pytest.mark.parametrize("name", WORDLISTS)
every_list_of_ours = pytest.mark.parametrize("name", ["pt-br", "es"])


def is_uniquely_decodable(codewords: set[str]) -> bool:
    """Decide it with the test of Sardinas and Patterson (IRE Convention Record, 1953, part 8).

    A dangling suffix is what one reading has ahead of another. The code is uniquely decodable
    if and only if no dangling suffix that can arise is a codeword, for then the two never meet.
    """
    dangling = {
        word[length:]
        for word in codewords
        for length in range(1, len(word))
        if word[:length] in codewords
    }
    seen: set[str] = set()
    while dangling - seen:
        if dangling & codewords:
            return False
        seen |= dangling
        dangling = {
            longer[len(shorter) :]
            for suffix in dangling
            for word in codewords
            for shorter, longer in ((suffix, word), (word, suffix))
            if longer.startswith(shorter)
        }
    return True


def test_there_are_three_english_lists_a_portuguese_and_a_spanish_one() -> None:
    languages = {name: entry.language for name, entry in WORDLISTS.items()}

    assert languages == {
        "eff-large": "en",
        "eff-short-1": "en",
        "eff-short-2": "en",
        "pt-br": "pt-BR",
        "es": "es",
    }


@every_list
def test_the_file_is_the_one_that_was_reviewed(name: str) -> None:
    content = resources.files(wordlists).joinpath(f"{name}.txt").read_bytes()

    assert sha256(content).hexdigest() == WORDLISTS[name].sha256


@every_list
def test_the_table_has_the_size_without_reading_the_file(name: str) -> None:
    words = load(name)

    assert len(words) == len(set(words)) == WORDLISTS[name].size
    assert WORDLISTS[name].bits_per_word == pytest.approx(log2(len(words)))


def test_the_eff_lists_have_a_word_for_every_throw_of_five_or_four_dice() -> None:
    sizes = {name: len(load(name)) for name in WORDLISTS if name.startswith("eff-")}

    assert sizes == {"eff-large": 6**5, "eff-short-1": 6**4, "eff-short-2": 6**4}


def test_the_words_of_eff_short_2_differ_in_their_first_three_letters() -> None:
    words = load("eff-short-2")

    assert len({word[:3] for word in words}) == len(words)


@every_list
def test_words_are_lower_case_ascii_with_hyphens_only_inside(name: str) -> None:
    odd = [word for word in load(name) if not re.fullmatch(r"[a-z]+(-[a-z]+)?", word)]

    assert odd == []


@every_list_of_ours
def test_words_of_our_lists_have_three_to_nine_letters_without_accents(name: str) -> None:
    odd = [word for word in load(name) if not re.fullmatch(r"[a-z]{3,9}", word)]

    assert odd == []


@every_list_of_ours
def test_our_lists_have_at_least_4096_words_in_alphabetical_order(name: str) -> None:
    words = load(name)

    assert len(words) >= 4096
    assert list(words) == sorted(words)


@every_list_of_ours
def test_no_blocked_word_is_in_our_lists(name: str) -> None:
    lines = (PROJECT / f"tools/wordlists/{name}.blocked").read_text("ascii").splitlines()
    blocked = {word for line in lines if not line.startswith("#") for word in line.split()}

    assert len(blocked) > 500
    assert blocked.isdisjoint(load(name))


@every_list
def test_no_word_begins_another(name: str) -> None:
    assert is_prefix_code(load(name))


@every_list
@pytest.mark.parametrize("separator", ["", "-", "--", "--------", "-.", ".-", "_", ".", " ", "1"])
def test_words_are_uniquely_decodable_with_any_separator(name: str, separator: str) -> None:
    codewords = {f"{word}{separator}" for word in load(name)}

    assert is_uniquely_decodable(codewords)


@every_list
@pytest.mark.parametrize("separator", ["", "-", "_"])
@pytest.mark.parametrize("recased", [str.upper, str.capitalize])
def test_they_stay_so_with_capitals_and_insertions(
    name: str, separator: str, recased: "type[str]"
) -> None:
    codewords = {
        f"{form}{sign}{separator}"
        for word in load(name)
        for form in (word, recased(word))
        for sign in ("", "0", "%")
    }

    assert is_uniquely_decodable(codewords)


@every_list
def test_the_licence_and_the_attribution_are_included(name: str) -> None:
    entry = WORDLISTS[name]

    assert entry.licence.startswith("CC BY")
    assert entry.attribution
    assert entry.source
    assert entry.title


@every_list
def test_the_documentation_has_the_figures_of_each_list(name: str) -> None:
    text = (PROJECT / "docs/wordlists.md").read_text("utf-8")
    entry = WORDLISTS[name]
    bits = math.floor(entry.bits_per_word * 100) / 100  # as the app rounds them

    assert f"`{name}`" in text
    assert entry.sha256 in text
    assert re.search(rf"`{name}` \|.*\| {entry.size} \| {bits:.2f} \| {entry.licence} \|", text)


def test_a_list_is_read_once() -> None:
    assert load("es") is load("es")


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownChoiceError, match="wordlist: must be one of eff-large, ") as caught:
        load("klingon")

    assert caught.value.field == "wordlist"


@pytest.mark.parametrize("word", ["a", "ação", "pão-de-ló", "жук", "ữ", "e" * 64])
def test_a_word_has_lowercase_letters_and_single_hyphens_between_them(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "-a", "a-", "a--b", "A", "Ação", "a b", "d'água", "a1", "a\0", "a\u0303", "ª"),
        *("straße", "\u0131", "λόγος", "ŉ", "ǆ", "\u017f", "ﬁm", "字", "e" * 65, "é" * 33),
    ],
)
def test_other_texts_are_no_words(text: str) -> None:
    assert not is_word(text)


def test_the_capital_of_a_letter_has_no_other_lowercase_letter() -> None:
    letters = [sign for sign in map(chr, range(0xD800)) if is_word(sign)]

    assert {letter.upper().lower() for letter in letters} == set(letters)
    assert all(letter.capitalize() == letter.upper() for letter in letters)
    assert {*map(chr, range(ord("a"), ord("z") + 1)), *"ãáâàéêíóôõúüçñ"} <= set(letters)


def test_a_name_can_be_registered_once() -> None:
    with pytest.raises(ValueError, match="es"):
        register("es", lambda: ("outra",))


@given(st.lists(st.text("ab-", min_size=1, max_size=4), max_size=8))
def test_a_prefix_code_is_one_where_no_pair_begins_alike(codewords: list[str]) -> None:
    expected = not any(second.startswith(first) for first, second in permutations(codewords, 2))

    assert is_prefix_code(codewords) is expected


@given(st.sets(st.text("ab-", min_size=1, max_size=4), max_size=8))
def test_every_prefix_code_is_uniquely_decodable(codewords: set[str]) -> None:
    assert is_uniquely_decodable(codewords) or not is_prefix_code(codewords)


@pytest.mark.parametrize(
    ("codewords", "expected"),
    [
        ({"a", "ab", "bb"}, True),
        ({"a", "ab", "ba"}, False),
        ({"b", "abb", "abbba", "bbba", "baabb"}, False),
        ({"drop", "down", "drop-down"}, True),
        ({"drop-", "down-", "drop-down-"}, False),
    ],
)
def test_the_oracle_recognizes_codes_of_both_kinds(codewords: set[str], *, expected: bool) -> None:
    assert is_uniquely_decodable(codewords) is expected
