"""Draw secrets as they are shown: every channel draws here.

The domain draws only the random part of some tokens. What needs a clock or a library completes
them here, and no secret leaves this module without it.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence

from passwords import domain
from passwords.domain import Recipe, TokenRecipe
from passwords.domain.tokens import PARTIAL_ENCODINGS
from passwords.formats import identifiers, key_pairs

Clock = Callable[[], int]
"""Returns the nanoseconds since 1970, like `time.time_ns`."""

_NANOSECONDS_PER_MILLISECOND = 1_000_000


def draw_many(recipe: Recipe, count: int, *, clock: Clock = time.time_ns) -> list[str]:
    """Return *count* secrets, each uniform over those of *recipe*.

    Identifiers with a time are in their order.
    """
    return _completed(
        recipe, domain.draw_many(recipe, count), clock() // _NANOSECONDS_PER_MILLISECOND
    )


def is_plain(recipe: Recipe) -> bool:
    """Return whether each secret of *recipe* is a line as the domain draws it, and has no more."""
    return encoding_of(recipe) not in PARTIAL_ENCODINGS | key_pairs.ENCODINGS


def stream(recipe: Recipe, count: int, *, threads: int = 1) -> Iterator[bytes]:
    """Return an iterator over *count* secrets as lines, as `domain.stream` does.

    Raises:
        ValueError: the recipe is not plain: use `batches`.
    """
    if not is_plain(recipe):
        raise ValueError("these secrets are not lines")
    return domain.stream(recipe, count, threads=threads)


def batches(
    recipe: Recipe, count: int, *, threads: int = 1, clock: Clock = time.time_ns
) -> Iterator[list[str]]:
    """Yield *count* secrets in lists; the memory does not grow with *count*.

    Identifiers with a time are in their order: the clock counts as at least a millisecond later in
    each list.
    """
    milliseconds = -1
    for chunk in domain.stream(recipe, count, threads=threads):
        milliseconds = max(milliseconds + 1, clock() // _NANOSECONDS_PER_MILLISECOND)
        yield _completed(recipe, chunk.decode().splitlines(), milliseconds)


def longest(recipe: Recipe) -> int:
    """Return the length of the longest secret of *recipe*, in bytes of UTF-8."""
    if encoding_of(recipe) in PARTIAL_ENCODINGS:
        (example,) = draw_many(recipe, 1)  # all have the same length
        return len(example)
    return domain.longest(recipe)


def has_public_half(recipe: Recipe) -> bool:
    """Return whether the secrets of *recipe* are private keys."""
    return encoding_of(recipe) in key_pairs.ENCODINGS


def public_half(recipe: Recipe, secret: str) -> str | None:
    """Return the public half of a *secret* of *recipe*; ``None`` if it has none."""
    return key_pairs.public_half(encoding_of(recipe), secret)


def encoding_of(recipe: Recipe) -> str:
    """Return the encoding of a token; empty for other kinds."""
    return recipe.encoding if isinstance(recipe, TokenRecipe) else ""


def _completed(recipe: Recipe, drawn: Sequence[str], milliseconds: int) -> list[str]:
    match encoding_of(recipe):
        case "uuid7":
            return [identifiers.uuid7(part, milliseconds=milliseconds) for part in sorted(drawn)]
        case "ulid":
            return [identifiers.ulid(part, milliseconds=milliseconds) for part in sorted(drawn)]
        case "age":
            return [key_pairs.age_identity(bytes.fromhex(part)) for part in drawn]
        case "ssh-ed25519":
            return [
                key_pairs.ssh_private_key(
                    bytes.fromhex(part), check=os.urandom(key_pairs.CHECK_BYTES)
                )
                for part in drawn
            ]
        case _:
            return list(drawn)
