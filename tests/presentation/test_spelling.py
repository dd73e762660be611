"""Each character of a secret has a name to read aloud, in the visitor's language."""

import string

import pytest
from django.utils import translation

from passwords.presentation.spelling import groups

PRINTABLE = "".join(map(chr, range(ord(" "), ord("~") + 1)))


def _names(secret: str, language: str = "en") -> list[str]:
    with translation.override(language):
        return [character.name for group in groups(secret) for character in group]


def test_letters_have_the_words_of_the_international_alphabet() -> None:
    assert _names("aJz") == ["Alfa", "capital Juliett", "Zulu"]
    words = _names(string.ascii_lowercase)
    assert [word[0].lower() for word in words] == list(string.ascii_lowercase)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["capital Alfa", "seven", "hash", "hyphen"]),
        ("pt-br", ["Alfa maiúsculo", "sete", "cerquilha", "hífen"]),
        ("es", ["Alfa mayúscula", "siete", "numeral", "guion"]),
    ],
)
def test_digits_and_symbols_are_named_in_the_language(language: str, expected: list[str]) -> None:
    assert _names("A7#-", language) == expected


def test_letters_outside_ascii_are_their_own_names() -> None:
    assert _names("çÃ") == ["ç", "capital ã"]


@pytest.mark.parametrize("language", ["en", "pt-br", "es"])
def test_every_printable_character_has_a_name_of_its_own(language: str) -> None:
    names = _names(f"{PRINTABLE}\n", language)

    assert len(set(names)) == len(PRINTABLE) + 1


def test_the_characters_come_in_groups_of_four() -> None:
    found = groups("correct-horse")

    assert ["".join(character.sign for character in group) for group in found] == [
        "corr", "ect-", "hors", "e",
    ]  # fmt: skip


def test_a_character_has_no_secret_in_its_representation() -> None:
    ((character,),) = groups("x")

    assert "x" not in repr(character).removeprefix("Character")
