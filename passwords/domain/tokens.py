"""Tokens for machines: random bytes in an encoding, UUIDs and Django secret keys."""

import math
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal, Self, get_args

from passwords.domain import strength
from passwords.domain.bulk import LineShape
from passwords.domain.errors import NotApplicableError, UnreachableStrengthError
from passwords.domain.validation import require_choice, require_whole_number

MIN_BYTES = 16
MAX_BYTES = 1024
DEFAULT_BYTES = 32

Encoding = Literal["hex", "base32", "base64url", "uuid4", "django"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

HEX = b"0123456789abcdef"

BYTE_ALPHABETS: dict[str, bytes] = {
    "hex": HEX,
    # RFC 4648, section 6, table 3.
    "base32": (string.ascii_uppercase + "234567").encode("ascii"),
    # RFC 4648, section 5, table 2.
    "base64url": (string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_").encode(
        "ascii"
    ),
}
"""The digits of the encodings with a variable number of bytes, in the order of their values."""

# RFC 9562, section 5.4: the version field holds 4, the variant field the bits 10.
UUID4 = LineShape(
    alphabet=HEX,
    width=36,
    exceptions=((8, b"-"), (13, b"-"), (14, b"4"), (18, b"-"), (19, b"89ab"), (23, b"-")),
)

# django.core.management.utils.get_random_secret_key: 50 of these 50 characters.
DJANGO = LineShape(
    alphabet=(string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)").encode("ascii"), width=50
)

FIXED_SHAPES: dict[str, LineShape] = {"uuid4": UUID4, "django": DJANGO}
"""The encodings of fixed size."""

FIXED_SIZE_ENCODINGS = frozenset(FIXED_SHAPES)

FIXED_SIZES = {"uuid4": 16, "django": DJANGO.width}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecipe(strength.Counted):
    """A token of random bytes, or one with a fixed form.

    Attributes:
        encoding: "hex", "base32" or "base64url" (RFC 4648, without padding) encode *bytes* random
            bytes; "uuid4" is a random UUID (RFC 9562) and "django" a SECRET_KEY.
        bytes: random bytes, 16 to 1024; None means 32. Only for the first three encodings.

    Raises:
        RecipeError: a value is not valid; names the field.
    """

    kind: ClassVar[str] = "token"

    encoding: Encoding = "base64url"
    bytes: int | None = None

    def __post_init__(self) -> None:
        require_choice("encoding", self.encoding, ENCODINGS)
        if self.bytes is None:
            return
        if self.encoding in FIXED_SHAPES:
            raise NotApplicableError("bytes", rule="encoding", value=self.encoding)
        require_whole_number("bytes", self.bytes, minimum=MIN_BYTES, maximum=MAX_BYTES)

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the shortest recipe with at least *bits*; see `CharacterRecipe.for_bits`.

        The maximum is *bytes*; a fixed form either has enough bits or is refused.
        """
        recipe = cls(**rules)
        if recipe.encoding in FIXED_SHAPES:
            strength.require_bits(bits)
            if not strength.reaches(recipe.count, bits):
                raise UnreachableStrengthError(rule="encoding", reachable_bits=recipe.entropy_bits)
            return recipe
        ceiling = MAX_BYTES if recipe.bytes is None else recipe.bytes
        strongest = cls(**rules | {"bytes": ceiling})
        return strength.shortest(strongest, bits, rule="bytes", smallest=MIN_BYTES)

    @property
    def size(self) -> int:
        """The number of bytes; for a Django key the number of characters."""
        if self.encoding in FIXED_SIZES:
            return FIXED_SIZES[self.encoding]
        return DEFAULT_BYTES if self.bytes is None else self.bytes

    @property
    def count(self) -> int:
        """The exact number of different tokens."""
        return sampler(self).count


@lru_cache(maxsize=16)
def sampler(recipe: TokenRecipe) -> LineShape:
    """Return the sampler of this recipe."""
    if recipe.encoding in FIXED_SHAPES:
        return FIXED_SHAPES[recipe.encoding]
    return _encoded(BYTE_ALPHABETS[recipe.encoding], bits=8 * recipe.size)


def _encoded(alphabet: bytes, *, bits: int) -> LineShape:
    """Return the shape of *bits* random bits; the size of the alphabet is a power of 2.

    If the bits do not fill the last digit, it is filled with zeros (RFC 4648, section 3.5).
    """
    bits_per_digit = len(alphabet).bit_length() - 1
    width = math.ceil(bits / bits_per_digit)
    filler = width * bits_per_digit - bits
    last = ((width - 1, alphabet[:: 1 << filler]),) if filler else ()
    return LineShape(alphabet=alphabet, width=width, exceptions=last)
