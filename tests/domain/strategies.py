"""Hypothesis strategies for valid recipes of every kind that has no wordlist."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from passwords.domain import CharacterRecipe, PinRecipe, TokenRecipe
from passwords.domain.alphabets import SYMBOLS
from passwords.domain.characters import CLASS_NAMES
from passwords.domain.errors import ImpossibleRecipeError
from passwords.domain.tokens import BYTE_ALPHABETS, FIXED_SHAPES

LENGTHS = st.integers(4, 40) | st.integers(4, 256)
printable = st.text(st.characters(codec="utf-8").filter(str.isprintable), max_size=30)


@st.composite
def character_rules(draw: st.DrawFn, *, room: int) -> dict[str, Any]:
    """Draw rules whose minimums fit in *room* characters; the exclusions may be too many."""
    chosen = draw(st.sets(st.sampled_from(CLASS_NAMES), min_size=1))
    rules: dict[str, Any] = {
        "lowercase": "lowercase" in chosen,
        "uppercase": "uppercase" in chosen,
        "digits": "digits" in chosen,
        "symbols": draw(st.text(SYMBOLS, min_size=1, max_size=32)) if "symbols" in chosen else "",
        "exclude_lookalikes": draw(st.booleans()),
        "exclude": draw(printable),
    }
    for name in sorted(chosen):
        rules[f"min_{name}"] = draw(st.integers(0, room))
        room -= rules[f"min_{name}"]
    return rules


@st.composite
def character_recipes(
    draw: st.DrawFn, lengths: st.SearchStrategy[int] = LENGTHS
) -> CharacterRecipe:
    """Draw a recipe for characters."""
    length = draw(lengths)
    rules = draw(character_rules(room=length))
    try:
        return CharacterRecipe(length=length, **rules)
    except ImpossibleRecipeError:
        assume(condition=False)
        raise


pin_recipes = st.builds(PinRecipe, length=st.integers(3, 32), repeats_or_runs=st.booleans())
token_recipes = st.builds(
    TokenRecipe,
    encoding=st.sampled_from(["base58", *sorted(BYTE_ALPHABETS)]),
    bytes=st.none() | st.integers(16, 1024),
) | st.builds(TokenRecipe, encoding=st.sampled_from(sorted(FIXED_SHAPES)))
