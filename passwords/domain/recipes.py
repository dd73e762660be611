"""All kinds of recipes by name."""

from typing import Final

from passwords.domain.characters import CharacterRecipe
from passwords.domain.passphrases import PassphraseRecipe
from passwords.domain.pins import PinRecipe
from passwords.domain.tokens import TokenRecipe

Recipe = CharacterRecipe | PassphraseRecipe | PinRecipe | TokenRecipe

RECIPES: Final[dict[str, type[Recipe]]] = {
    recipe.kind: recipe for recipe in (CharacterRecipe, PassphraseRecipe, PinRecipe, TokenRecipe)
}
