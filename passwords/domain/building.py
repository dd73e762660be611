"""Build a recipe from named parameters, as channels receive them and policies store them."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, Final

from passwords.domain.alphabets import SYMBOLS
from passwords.domain.characters import (
    CharacterRecipe,
    normalize_exclusions,
    normalize_symbols,
    usual_length,
)
from passwords.domain.errors import (
    NotBesideError,
    OtherKindError,
    SizeAndStrengthError,
    UnknownParameterError,
)
from passwords.domain.passphrases import PassphraseRecipe
from passwords.domain.patterns import PatternRecipe
from passwords.domain.pins import PinRecipe
from passwords.domain.tokens import TokenRecipe
from passwords.domain.validation import require_choice, require_text

Recipe = CharacterRecipe | PassphraseRecipe | PinRecipe | TokenRecipe | PatternRecipe

RECIPES: Final[dict[str, type[Recipe]]] = {
    recipe.kind: recipe
    for recipe in (CharacterRecipe, PassphraseRecipe, PinRecipe, TokenRecipe, PatternRecipe)
}
# The parameter for the size of a secret, which `bits` can replace. A pattern fixes the size: it has
# these bits or is refused.
SIZE_PARAMETER: Final = {
    "characters": "length",
    "passphrase": "words",
    "pin": "length",
    "token": "bytes",
}

# A password rule replaces the other parameters of characters.
BESIDE_PASSWORDRULES: Final = frozenset(
    {"passwordrules", "length", "bits", "exclude", "exclude_lookalikes"}
)

_NORMALIZE: Final = {"symbols": normalize_symbols, "exclude": normalize_exclusions}


@cache
def parameter_names(kind: str) -> frozenset[str]:
    """Return the names of the parameters of *kind*, including ``bits``."""
    return frozenset(field.name for field in fields(RECIPES[kind])) | {"bits"}


def build(kind: str, parameters: Mapping[str, Any]) -> Recipe:
    """Return the recipe of *kind* with *parameters*; missing ones have their defaults.

    ``bits`` instead of the size gives the shortest recipe with at least this entropy. ``symbols``
    may also be true (all symbols) or false (none).

    Raises:
        RecipeError: a parameter is unknown or not valid, or the parameters contradict each other.
    """
    if any(isinstance(value, list | dict) for value in (kind, *parameters.values())):
        return _build(kind, parameters)  # it refuses them; they cannot be keys of the cache
    normalized = {
        name: _NORMALIZE[name](value) if name in _NORMALIZE and isinstance(value, str) else value
        for name, value in parameters.items()
    }
    return _build_once(kind, *normalized, *normalized.values())


@lru_cache(maxsize=1024, typed=True)
def _build_once(kind: str, *names_and_values: Any) -> Recipe:
    """Cache recipes by normalized parameters; 20 and 20.0 are different.

    Only valid recipes are cached: their texts have at most 256 characters.
    """
    middle = len(names_and_values) // 2
    parameters = dict(zip(names_and_values[:middle], names_and_values[middle:], strict=True))
    return _build(kind, parameters)


def _build(kind: str, parameters: Mapping[str, Any]) -> Recipe:
    require_choice("kind", kind, RECIPES)
    unknown = [name for name in parameters if name not in parameter_names(kind)]
    if unknown:
        raise _unknown_parameter(unknown[0], kind)
    rules = dict(parameters)
    if isinstance(rules.get("symbols"), bool):
        rules["symbols"] = SYMBOLS if rules["symbols"] else ""
    if rules.get("passwordrules"):
        _complete_rule(rules)
    if rules.get("separators") and "separator" in rules:
        raise NotBesideError("separator", rule="separators")
    recipe_type = RECIPES[kind]
    if "bits" not in rules:
        return recipe_type(**rules)
    bits = rules.pop("bits")
    size = SIZE_PARAMETER.get(kind)
    if size in rules:
        held = recipe_type(**rules)
        raise SizeAndStrengthError(rule=size, size=held.size, held=held.entropy_bits)
    return recipe_type.for_bits(bits, **rules)


def _complete_rule(rules: dict[str, Any]) -> None:
    """Set the length, if the parameters beside a password rule do not set it."""
    for name in rules:
        if name not in BESIDE_PASSWORDRULES:
            raise NotBesideError(name, rule="passwordrules")
    require_text("passwordrules", rules["passwordrules"])
    if "bits" not in rules:
        rules.setdefault("length", usual_length(rules["passwordrules"]))


def _unknown_parameter(name: str, kind: str) -> UnknownParameterError:
    kinds = ", ".join(other for other in RECIPES if name in parameter_names(other))
    if not kinds:
        return UnknownParameterError(name, kind=kind)
    return OtherKindError(name, kind=kind, kinds=kinds)
