"""The passphrase of a link, which the sender sends by another way than the link."""

from typing import Final

from django.utils.translation import get_language

from passwords import domain
from passwords.domain import Recipe
from passwords.sharing.terms import PassphraseKind

_WORDS: Final = 3
_DIGITS: Final = 6
_WORDLISTS: Final = {"pt": "pt-br", "es": "es"}


def passphrase_recipe(kind: PassphraseKind, language: str | None = None) -> Recipe:
    """Return the recipe: three words of *language* (default: the active one), or six digits."""
    if kind == "digits":
        return domain.PinRecipe(length=_DIGITS)
    tag = (language or get_language() or "en").partition("-")[0]
    return domain.PassphraseRecipe(words=_WORDS, wordlist=_WORDLISTS.get(tag, "eff-large"))


def draw_passphrase(kind: PassphraseKind, language: str | None = None) -> str:
    """Return a random passphrase of that kind."""
    return domain.draw(passphrase_recipe(kind, language))
