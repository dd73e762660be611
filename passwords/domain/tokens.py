"""Tokens for machines: random bytes in an encoding, and keys and identifiers of a fixed form."""

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

Encoding = Literal[
    "hex",
    "base32",
    "base64url",
    "base58",
    "uuid4",
    "uuid7",
    "ulid",
    "django",
    "rails",
    "laravel",
    "fernet",
    "jwt-hs256",
    "wireguard",
    "wireguard-psk",
    "ssh-ed25519",
    "age",
]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

HEX = b"0123456789abcdef"
_ALPHANUMERICS = string.ascii_uppercase + string.ascii_lowercase + string.digits
# RFC 4648, section 4, table 1; the base64url of section 5 has other characters for 62 and 63.
BASE64 = (_ALPHANUMERICS + "+/").encode("ascii")
BASE64URL = (_ALPHANUMERICS + "-_").encode("ascii")

BYTE_ALPHABETS: dict[str, bytes] = {
    "hex": HEX,
    # RFC 4648, section 6, table 3.
    "base32": (string.ascii_uppercase + "234567").encode("ascii"),
    "base64url": BASE64URL,
}
"""The digits of the encodings with a variable number of bytes, in the order of their values."""

# The alphabet of Bitcoin's addresses: digits and letters without 0, O, I and l.
BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

# Crockford's base 32, as ULIDs use it: without I, L, O and U.
CROCKFORD = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"

KEY_BYTES = 32


def _encoded(alphabet: bytes, *, bits: int) -> LineShape:
    """Return the shape of *bits* random bits; the size of the alphabet is a power of 2.

    If the bits do not fill the last digit, it is filled with zeros (RFC 4648, section 3.5).
    """
    bits_per_digit = len(alphabet).bit_length() - 1
    width = math.ceil(bits / bits_per_digit)
    filler = width * bits_per_digit - bits
    last = ((width - 1, alphabet[:: 1 << filler]),) if filler else ()
    return LineShape(alphabet=alphabet, width=width, exceptions=last)


def _padded_key(alphabet: bytes, *, prefix: bytes = b"") -> LineShape:
    """Return the shape of 32 random bytes in base64 with padding, after *prefix*."""
    encoded = _encoded(alphabet, bits=8 * KEY_BYTES)
    shift = len(prefix)
    exceptions = (
        *_text(prefix, at=0),
        *((shift + column, digits) for column, digits in encoded.exceptions),
        *_text(b"=", at=shift + encoded.width),
    )
    return LineShape(alphabet=alphabet, width=shift + encoded.width + 1, exceptions=exceptions)


def _text(text: bytes, *, at: int) -> tuple[tuple[int, bytes], ...]:
    """Return the exceptions for *text*, which every line has from the column *at* on."""
    return tuple((at + place, text[place : place + 1]) for place in range(len(text)))


# RFC 9562, section 5.4: the version field holds 4, the variant field the bits 10.
UUID4 = LineShape(
    alphabet=HEX,
    width=36,
    exceptions=((8, b"-"), (13, b"-"), (14, b"4"), (18, b"-"), (19, b"89ab"), (23, b"-")),
)

# RFC 9562, section 5.7: the first 48 bits are a time, which is 0 here.
UUID7 = LineShape(
    alphabet=HEX,
    width=36,
    exceptions=(*_text(b"00000000-0000-7", at=0), (18, b"-"), (19, b"89ab"), (23, b"-")),
)

# github.com/ulid/spec: the first 10 digits are a time, which is 0 here, the others are 80 bits.
ULID = LineShape(alphabet=CROCKFORD, width=26, exceptions=_text(b"0" * 10, at=0))

# django.core.management.utils.get_random_secret_key: 50 of these 50 characters.
DJANGO = LineShape(
    alphabet=(string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)").encode("ascii"), width=50
)

# `wg genkey`: a private key of X25519, clamped (RFC 7748, section 5), in base64. The lowest three
# bits of its first byte are 0: the lowest bit of the first digit, and the highest two of the
# second. The highest two bits of its last byte are 0 and 1: the middle two of digit 41.
WIREGUARD = LineShape(
    alphabet=BASE64,
    width=44,
    exceptions=(
        (0, BASE64[::2]),
        (1, BASE64[:16]),
        (41, bytes(digit for value, digit in enumerate(BASE64) if value // 4 % 4 == 1)),
        (42, BASE64[::4]),
        (43, b"="),
    ),
)

FIXED_SHAPES: dict[str, LineShape] = {
    "uuid4": UUID4,
    "uuid7": UUID7,
    "ulid": ULID,
    "django": DJANGO,
    # `rails secret`, SecureRandom.hex(64).
    "rails": LineShape(alphabet=HEX, width=128),
    # `artisan key:generate`, for the cipher AES-256-CBC.
    "laravel": _padded_key(BASE64, prefix=b"base64:"),
    # The Fernet specification: 128 bits to sign and 128 bits to encrypt, in base64url.
    "fernet": _padded_key(BASE64URL),
    # RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
    "jwt-hs256": _encoded(BASE64URL, bits=8 * KEY_BYTES),
    "wireguard": WIREGUARD,
    # `wg genpsk`: 32 random bytes.
    "wireguard-psk": _padded_key(BASE64),
    # The 32 random bytes of a private key, in hexadecimal.
    "ssh-ed25519": _encoded(HEX, bits=8 * KEY_BYTES),
    "age": _encoded(HEX, bits=8 * KEY_BYTES),
}
"""The encodings of fixed size."""

IDENTIFIERS = frozenset({"uuid7", "ulid"})
"""The encodings that begin with a time: they are unique, but no secrets."""

PARTIAL_ENCODINGS = IDENTIFIERS | {"ssh-ed25519", "age"}
"""The encodings of which this package draws only the random part."""

FIXED_SIZE_ENCODINGS = frozenset(FIXED_SHAPES)

FIXED_SIZES = {
    **dict.fromkeys(FIXED_SHAPES, KEY_BYTES),
    "uuid4": 16,
    "uuid7": 16,
    "ulid": 16,
    "django": DJANGO.width,
    "rails": 64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecipe(strength.Counted):
    """A token of random bytes, or one with a fixed form.

    Attributes:
        encoding: "hex", "base32" or "base64url" (RFC 4648, without padding) encode *bytes* random
            bytes; "base58" is the fewest characters that have at least as many possibilities. The
            others have a fixed form: an identifier, a framework's key, or a private key. Of
            `PARTIAL_ENCODINGS`, the random part is drawn and counted here, and `passwords.formats`
            completes it.
        bytes: random bytes, 16 to 1024; None means 32. Only for the first four encodings.

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
    def is_identifier(self) -> bool:
        """Whether the token begins with a time, and is an identifier and no secret."""
        return self.encoding in IDENTIFIERS

    @property
    def count(self) -> int:
        """The exact number of different tokens; of an identifier, of those in a millisecond."""
        return sampler(self).count


@lru_cache(maxsize=16)
def sampler(recipe: TokenRecipe) -> LineShape:
    """Return the sampler of this recipe."""
    if recipe.encoding in FIXED_SHAPES:
        return FIXED_SHAPES[recipe.encoding]
    bits = 8 * recipe.size
    if recipe.encoding == "base58":
        # Independent characters. Bytes converted to base 58, as in Bitcoin's addresses, have
        # different lengths.
        return LineShape(alphabet=BASE58, width=math.ceil(bits / math.log2(len(BASE58))))
    return _encoded(BYTE_ALPHABETS[recipe.encoding], bits=bits)
