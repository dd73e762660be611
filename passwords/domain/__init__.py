"""The domain: recipes for secrets, their exact numbers, and drawing. It imports no Django."""

from passwords.domain.building import (
    BESIDE_PASSWORDRULES,
    RECIPES,
    SIZE_PARAMETER,
    Recipe,
    build,
    parameter_names,
)
from passwords.domain.characters import CLASS_NAMES, CharacterRecipe
from passwords.domain.drawing import draw, draw_many, longest, stream
from passwords.domain.errors import (
    ForbiddenCharactersError,
    NoClassError,
    RecipeError,
    TooLongError,
)
from passwords.domain.passphrases import PassphraseRecipe
from passwords.domain.patterns import PatternRecipe
from passwords.domain.pins import PinRecipe
from passwords.domain.tokens import FIXED_SIZE_ENCODINGS, TokenRecipe
from passwords.domain.validation import (
    MAX_TEXT_LENGTH,
    require_flag,
    require_text,
    require_whole_number,
)
from passwords.domain.wordlists import WORDLISTS

__all__ = [
    "BESIDE_PASSWORDRULES",
    "CLASS_NAMES",
    "FIXED_SIZE_ENCODINGS",
    "MAX_TEXT_LENGTH",
    "RECIPES",
    "SIZE_PARAMETER",
    "WORDLISTS",
    "CharacterRecipe",
    "ForbiddenCharactersError",
    "NoClassError",
    "PassphraseRecipe",
    "PatternRecipe",
    "PinRecipe",
    "Recipe",
    "RecipeError",
    "TokenRecipe",
    "TooLongError",
    "build",
    "draw",
    "draw_many",
    "longest",
    "parameter_names",
    "require_flag",
    "require_text",
    "require_whole_number",
    "stream",
]
