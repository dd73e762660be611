"""The pure domain: what a secret may be, how many there are, and how to draw one."""

from passwords.domain.alphabets import (
    DIGITS,
    LOOKALIKE_GROUPS,
    LOOKALIKES,
    LOWERCASE,
    SYMBOLS,
    UPPERCASE,
)
from passwords.domain.building import SIZE_PARAMETER, build, parameter_names
from passwords.domain.characters import CharacterRecipe
from passwords.domain.drawing import draw, draw_many, stream
from passwords.domain.errors import (
    ImpossibleRecipeError,
    OutOfRangeError,
    RecipeError,
    UnknownChoiceError,
    UnreachableStrengthError,
    WrongTypeError,
)
from passwords.domain.passphrases import PassphraseRecipe
from passwords.domain.pins import PinRecipe
from passwords.domain.randomness import RandomBytes
from passwords.domain.recipes import RECIPES, Recipe
from passwords.domain.strength import MAX_BITS, MIN_BITS, entropy_bits
from passwords.domain.tokens import ENCODINGS, TokenRecipe
from passwords.domain.validation import (
    require_choice,
    require_flag,
    require_text,
    require_whole_number,
)

__all__ = [
    "DIGITS",
    "ENCODINGS",
    "LOOKALIKES",
    "LOOKALIKE_GROUPS",
    "LOWERCASE",
    "MAX_BITS",
    "MIN_BITS",
    "RECIPES",
    "SIZE_PARAMETER",
    "SYMBOLS",
    "UPPERCASE",
    "CharacterRecipe",
    "ImpossibleRecipeError",
    "OutOfRangeError",
    "PassphraseRecipe",
    "PinRecipe",
    "RandomBytes",
    "Recipe",
    "RecipeError",
    "TokenRecipe",
    "UnknownChoiceError",
    "UnreachableStrengthError",
    "WrongTypeError",
    "build",
    "draw",
    "draw_many",
    "entropy_bits",
    "parameter_names",
    "require_choice",
    "require_flag",
    "require_text",
    "require_whole_number",
    "stream",
]
