"""The passphrase of a link is drawn in the reader's language."""

import pytest
from django.utils import translation

from passwords import sharing
from passwords.domain import wordlists


@pytest.mark.parametrize(
    ("language", "wordlist"),
    [("pt-br", "pt-br"), ("es", "es"), ("en", "eff-large"), (None, "eff-large")],
)
def test_words_are_of_the_active_language(language: str | None, wordlist: str) -> None:
    with translation.override(language):
        words = sharing.draw_passphrase("words").split("-")

    assert len(words) == 3
    assert set(words) <= set(wordlists.load(wordlist))


def test_digits_are_six() -> None:
    code = sharing.draw_passphrase("digits")

    assert len(code) == 6
    assert code.isdigit()


def test_the_entropy_of_a_passphrase_is_exact() -> None:
    assert sharing.passphrase_recipe("digits").entropy_bits == pytest.approx(19.93, abs=0.01)
    assert sharing.passphrase_recipe("words", "en").entropy_bits == pytest.approx(38.77, abs=0.01)
