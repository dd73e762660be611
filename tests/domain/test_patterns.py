"""Patterns: the examples of KeePass's help, faults, exact counts and uniform drawing."""

import re
import string
import time
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwords.domain import PatternRecipe, RecipeError, build, draw, draw_many, stream
from passwords.domain.alphabets import LOOKALIKES
from passwords.domain.patterns import PLACEHOLDERS
from tests.domain.oracles import chi_square, critical_value
from tests.domain.pages import rows
from tests.domain.sources import RepeatableBytes

# The placeholders of KeePass's help ("Password Generator"), as regular expressions.
EXPRESSIONS = {
    "a": "[a-z0-9]", "A": "[A-Za-z0-9]", "U": "[A-Z0-9]", "d": "[0-9]", "h": "[0-9a-f]",
    "H": "[0-9A-F]", "l": "[a-z]", "L": "[A-Za-z]", "u": "[A-Z]", "v": "[aeiou]",
    "V": "[AEIOUaeiou]", "Z": "[AEIOU]", "c": "(?![aeiou])[a-z]", "C": "(?![AEIOUaeiou])[A-Za-z]",
    "z": "(?![AEIOU])[A-Z]", "p": "[,.;:]", "b": r"[()\[\]{}<>]",
    "s": r"[!-/:-@\[-`{-~]", "S": "[!-~]",
}  # fmt: skip

PAGES = pytest.mark.parametrize("page", ["rules.md", "rules.pt-BR.md"])


def places(pattern: str) -> list[str]:
    return PatternRecipe(pattern=pattern).places


def error_of(**values: Any) -> str:
    with pytest.raises(RecipeError) as caught:
        PatternRecipe(**values)
    return str(caught.value)


def test_the_letters_are_those_of_keepass_without_latin_1() -> None:
    expected = {
        letter: [sign for sign in map(chr, range(256)) if re.fullmatch(expression, sign)]
        for letter, expression in EXPRESSIONS.items()
    }

    assert {letter: sorted(members) for letter, members in PLACEHOLDERS.items()} == expected


@pytest.mark.parametrize(
    ("pattern", "equivalent"),
    [
        # As in the help of KeePass.
        ("d{4}", "dddd"),
        ("dH{4}a", "dHHHHa"),
        ("Hdu{1}dH", "HdudH"),
        # KeePass 2.61.
        ("d{0}A", "A"),
        (r"\d{3}u", r"\d\d\du"),
        ("[ul]{2}", "LL"),
        ("[LL]", "L"),
        ("[S^LU]", "s"),
        # More than KeePass.
        ("H2-HH", r"H\2\-HH"),
        ("-{3}d", "---d"),
        ("[d_#]", r"[d\_\#]"),
        ("[d^3]", r"[d^\3]"),
    ],
)
def test_two_ways_to_write_the_same_pattern(pattern: str, equivalent: str) -> None:
    assert places(pattern) == places(equivalent)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # As in the help of KeePass.
        (r"[d\m\@^\3]{5}", ["012456789@m"] * 5),
        ("[dp]", [",.0123456789:;"]),
        (r"[u\_][u\_]", [f"{string.ascii_uppercase}_"] * 2),
        (r"\H\e\x\:\ HH", [*"Hex: ", "0123456789ABCDEF", "0123456789ABCDEF"]),
        (r"\@[\A\B\C\D\E\F]{2}", ["@", "ABCDEF", "ABCDEF"]),
        # KeePass 2.61.
        (r"\[\]\{\}\^\\d", [*r"[]{}^", "\\", "0123456789"]),
        (r"[\]\^\-\\d^d]", [r"-\]^"]),
    ],
)
def test_each_place_has_the_characters_that_keepass_gives_it(
    pattern: str, expected: list[str]
) -> None:
    assert places(pattern) == expected


@pytest.mark.parametrize("count", ["999999999", "9" * 200, "0" * 200 + "257"])
def test_a_repetition_is_bounded_before_it_costs_anything(count: str) -> None:
    started = time.perf_counter()

    for pattern in (f"A{{{count}}}", f"[A]{{{count}}}", "A{256}" * 42):
        assert "there are more than 256 characters to draw" in error_of(pattern=pattern)

    assert time.perf_counter() - started < 0.1


def test_at_most_256_characters_are_drawn_from_at_most_256() -> None:
    assert PatternRecipe(pattern="A{200}-{56}").size == 256
    assert PatternRecipe(pattern="A{0}" * 63 + "A{4}").size == 4
    assert error_of(pattern="A{200}-{57}") == (
        "pattern: character 7: there are more than 256 characters to draw"
    )
    assert error_of(pattern="A" * 257) == "pattern: must have at most 256 characters"


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        ("A\0", "character 2: only printable ASCII characters are allowed"),
        ("A\n", "character 2: only printable ASCII characters are allowed"),
        (r"A\é", "character 3: only printable ASCII characters are allowed"),
        ("[A✓]", "character 3: only printable ASCII characters are allowed"),
        ("[A\\", "character 3: a character must follow this backslash"),
        ("[A", "character 1: this bracket is not closed"),
        (r"[A\]", "character 1: this bracket is not closed"),
        ("[^d]", "character 1: there is no character in these brackets"),
        ("A{-1}", "character 2: a whole number must be in braces, such as {4}"),
        ("A{+1}", "character 2: a whole number must be in braces, such as {4}"),
        ("A{1", "character 2: a whole number must be in braces, such as {4}"),
        ("A{٣}", "character 2: a whole number must be in braces, such as {4}"),
        ("A{0}", "must have a random character, such as “A” or “d”"),
        (r"[\a]--", "must have a random character, such as “A” or “d”"),
        ("", "must have a random character, such as “A” or “d”"),
        (None, "must be text"),
        (["A"], "must be text"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_position(pattern: Any, error: str) -> None:
    assert error_of(pattern=pattern) == f"pattern: {error}"


@pytest.mark.parametrize(
    ("pattern", "position", "name"),
    [
        ("[A[d]]", 3, "["),
        ("[A{2}]", 3, "{"),
        ("{2}A", 1, "{"),
        ("A{2}{3}", 5, "{"),
        ("A}", 2, "}"),
        ("A]", 2, "]"),
        ("A^d", 2, "^"),
        ("[S^d^u]", 5, "^"),
    ],
)
def test_a_character_with_a_meaning_must_be_escaped(pattern: str, position: int, name: str) -> None:
    assert error_of(pattern=pattern) == (
        f"pattern: character {position}: “{name}” has a special meaning."
        f" Write “\\{name}” for the character itself."
    )


@given(st.text(st.sampled_from([*PLACEHOLDERS, *r"x0-\[]^{}2é"]), max_size=12))
def test_any_text_is_read_or_refused_at_its_field(pattern: str) -> None:
    try:
        recipe = PatternRecipe(pattern=pattern)
    except RecipeError as error:
        assert str(error).startswith("pattern: ")  # noqa: PT017  # both outcomes are right
    else:
        classes = [f"[{re.escape(members)}]" for members in recipe.places]
        assert re.fullmatch("".join(classes), draw(recipe))


def test_lookalikes_are_not_drawn_but_stay_where_they_are_written() -> None:
    recipe = PatternRecipe(pattern=r"\O-[U\O]{3}", exclude_lookalikes=True)

    drawn = draw_many(recipe, 200)

    assert recipe.count == 32**3
    assert {text[:2] for text in drawn} == {"O-"}
    assert not set("".join(text[2:] for text in drawn)) & set(LOOKALIKES)


def test_a_placeholder_of_lookalikes_only_is_named() -> None:
    assert error_of(pattern="A{9}[dp^d]", exclude_lookalikes=True) == (
        "exclude_lookalikes: leaves no character at character 5 of the pattern"
    )
    assert error_of(exclude_lookalikes=1) == "exclude_lookalikes: must be true or false"


@pytest.mark.parametrize("pattern", ["[vd]-v", "b[d^h]b{0}p", "v{2}[pp]", r"[\a\b\a]{3}:d"])
def test_the_count_is_the_number_of_different_strings(pattern: str) -> None:
    recipe = PatternRecipe(pattern=pattern.replace("[d^h]", "d"))

    assert recipe.count == len(set(map("".join, product(*recipe.places))))


def test_every_secret_is_equally_likely() -> None:
    recipe = PatternRecipe(pattern=r"v-[\a\b\c]d")
    everything = set(map("".join, product("aeiou", "-", "abc", string.digits)))

    lines = b"".join(stream(recipe, 20_000, random_bytes=RepeatableBytes("pattern")))
    single = [draw(recipe, random_bytes=RepeatableBytes(f"one {at}")) for at in range(3000)]

    for drawn in (lines.decode().split(), single):
        assert chi_square(Counter(drawn), everything) < critical_value(len(everything))


def test_bits_are_held_or_refused() -> None:
    assert build("pattern", {"pattern": "h{32}", "bits": 128}) == PatternRecipe(pattern="h{32}")
    for pattern, bits, error in (
        ("h{32}", 128.1, "bits: cannot be reached: pattern allows at most 128.0 bits"),
        ("h{32}", "128", "bits: must be a number"),
        ("]", 128, "pattern: character 1: "),
    ):
        with pytest.raises(RecipeError) as caught:
            build("pattern", {"pattern": pattern, "bits": bits})
        assert str(caught.value).startswith(error)


@PAGES
def test_the_documentation_has_the_bits_and_a_secret_of_each_example(page: str) -> None:
    examples = [row for row in rows(page, 4) if re.fullmatch(r"`.*`", row[2])]

    assert len(examples) == 14
    for pattern, _meaning, secret, bits in examples:
        recipe = PatternRecipe(pattern=pattern.strip("`"))
        choices = zip(secret.strip("`"), recipe.places, strict=True)
        assert all(character in members for character, members in choices), pattern
        assert round(recipe.entropy_bits, 1) == float(bits), pattern


@PAGES
def test_the_documentation_has_the_error_of_each_faulty_pattern(page: str) -> None:
    examples = rows(page, 3)

    assert len(examples) == 8
    for pattern, error, _keepass in examples:
        assert error_of(pattern=pattern.strip("`")) == f"pattern: {error}"


@PAGES
def test_the_documentation_has_the_characters_of_each_letter(page: str) -> None:
    examples = [row for row in rows(page, 2) if row[1].startswith("`")]

    assert {letter.strip("`"): _expanded(members) for letter, members in examples} == {
        letter: sorted(members) for letter, members in PLACEHOLDERS.items() if letter not in "sS"
    }


def _expanded(text: str) -> list[str]:
    """Return the characters of a text such as ``A-Z 0-9``."""
    ranges = {"A-Z": string.ascii_uppercase, "a-z": string.ascii_lowercase, "0-9": string.digits}
    ranges |= {"a-f": "abcdef", "A-F": "ABCDEF"}
    return sorted("".join(ranges.get(part, part) for part in text.strip("`").split()))
