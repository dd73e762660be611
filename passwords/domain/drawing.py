"""Draw secrets by any recipe: one, a list, or a stream of lines; each exactly uniform."""

import os
from collections.abc import Iterator
from functools import partial
from typing import Final

from passwords.domain import characters, passphrases, patterns, pins, tokens
from passwords.domain.building import Recipe
from passwords.domain.bulk import chunks
from passwords.domain.randomness import RandomBytes
from passwords.domain.sampling import Sampler

# Bulk drawing first makes a table of all words, which takes longer than drawing these one by one.
_FEW_PASSPHRASES: Final = 100


def draw(recipe: Recipe, *, random_bytes: RandomBytes = os.urandom) -> str:
    """Return one secret, uniform over every string that *recipe* allows."""
    if isinstance(recipe, passphrases.PassphraseRecipe):
        return passphrases.draw(recipe, random_bytes=random_bytes)
    return _sampler(recipe).draw(random_bytes=random_bytes).decode("ascii")


def draw_many(recipe: Recipe, count: int, *, random_bytes: RandomBytes = os.urandom) -> list[str]:
    """Return *count* secrets, independent of each other, each uniform as from `draw`.

    Raises:
        ValueError: *count* is negative.
    """
    is_passphrase = isinstance(recipe, passphrases.PassphraseRecipe)
    if 1 <= count <= (_FEW_PASSPHRASES if is_passphrase else 1):
        return [draw(recipe, random_bytes=random_bytes) for _ in range(count)]
    return [
        secret
        for lines in stream(recipe, count, random_bytes=random_bytes)
        for secret in lines.decode().splitlines()
    ]


def longest(recipe: Recipe) -> int:
    """Return the length of the longest secret that *recipe* allows, in bytes of UTF-8."""
    if isinstance(recipe, passphrases.PassphraseRecipe):
        return passphrases.longest(recipe)
    return _sampler(recipe).width


def stream(
    recipe: Recipe, count: int, *, threads: int = 1, random_bytes: RandomBytes = os.urandom
) -> Iterator[bytes]:
    """Return an iterator over *count* secrets, independent and uniform as from `draw`.

    It yields chunks of complete UTF-8 lines with a newline at the end of each. Each chunk uses new
    random bytes, and none are stored between chunks. The memory does not grow with *count*. Several
    *threads* draw many secrets faster, but words of passphrases are always drawn by one.

    Raises:
        ValueError: *count* is negative.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    if isinstance(recipe, passphrases.PassphraseRecipe):
        return passphrases.stream(recipe, count, random_bytes=random_bytes)
    sampler = _sampler(recipe)
    return chunks(
        partial(sampler.draw_lines, random_bytes=random_bytes),
        count,
        width=sampler.width,
        threads=threads,
    )


def _sampler(
    recipe: (
        characters.CharacterRecipe | pins.PinRecipe | tokens.TokenRecipe | patterns.PatternRecipe
    ),
) -> Sampler:
    if isinstance(recipe, characters.CharacterRecipe):
        return characters.sampler(recipe)
    if isinstance(recipe, pins.PinRecipe):
        return pins.sampler(recipe)
    if isinstance(recipe, patterns.PatternRecipe):
        return patterns.sampler(recipe)
    return tokens.sampler(recipe)
