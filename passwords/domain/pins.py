"""PINs: random digits, with or without regular ones, which attackers try first."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from passwords.domain import strength
from passwords.domain.alphabets import DIGITS
from passwords.domain.bulk import LineShape
from passwords.domain.filtering import Filtered
from passwords.domain.sampling import Sampler
from passwords.domain.validation import require_flag, require_whole_number

MIN_LENGTH = 3
MAX_LENGTH = 32

_UPWARDS = DIGITS.encode("ascii") * (MAX_LENGTH // len(DIGITS) + 2)
_DOWNWARDS = _UPWARDS[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRecipe(strength.Counted):
    """A PIN of *length* digits.

    Attributes:
        length: digits, 3 to 32.
        repeats_or_runs: whether PINs may be regular. If not, two kinds are refused: PINs that
            repeat a group of at most half the digits, perhaps with an incomplete last group
            (0000, 1212, 123123, 12121), and PINs that count up or down by one, with 0 after 9
            (1234, 8901, 9876, 2109).

    Raises:
        RecipeError: a value is not valid; names the field.
    """

    kind: ClassVar[str] = "pin"

    length: int = 6
    repeats_or_runs: bool = True

    def __post_init__(self) -> None:
        require_whole_number("length", self.length, minimum=MIN_LENGTH, maximum=MAX_LENGTH)
        require_flag("repeats_or_runs", self.repeats_or_runs)

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the shortest recipe with at least *bits*; see `CharacterRecipe.for_bits`."""
        strongest = cls(**{"length": MAX_LENGTH} | rules)
        return strength.shortest(strongest, bits, rule="length", smallest=MIN_LENGTH)

    @property
    def size(self) -> int:
        """The number of digits."""
        return self.length

    @property
    def count(self) -> int:
        """The exact number of different PINs."""
        everything: int = 10**self.length
        return everything if self.repeats_or_runs else everything - count_regular(self.length)


def count_regular(length: int) -> int:
    """Return how many PINs of *length* digits, 3 or more, repeat a group or run.

    A PIN with a period of at most half its length has one shortest period, and the group of its
    first digits does not itself repeat a shorter group (Fine and Wilf 1965, theorem 1). So the
    number of PINs with that shortest period is the number of primitive groups of that size. The 20
    runs have 10 starts and 2 directions; from 20 digits on they have the period 10, so they are
    counted already.
    """
    repeating = sum(_count_primitive(period) for period in range(1, length // 2 + 1))
    return repeating + (2 * len(DIGITS) if length < 2 * len(DIGITS) else 0)


def _count_primitive(size: int) -> int:
    """Return how many groups of *size* digits do not repeat a shorter group."""
    groups: int = 10**size
    return groups - sum(_count_primitive(part) for part in range(1, size) if size % part == 0)


def is_regular(pin: bytes) -> bool:
    """Return whether *pin* repeats a group of at most half its digits, or counts up or down."""
    if pin in _UPWARDS or pin in _DOWNWARDS:
        return True
    # With such a period, the first half of the PIN, rounded up, occurs again after one period. Its
    # next occurrence, at p, is the only period to try: if a later q is a period, then so is the
    # greatest common divisor of p and q (Fine and Wilf), and hence p.
    head = pin[: len(pin) - len(pin) // 2]
    period = pin.find(head, 1)
    return period > 0 and pin.endswith(pin[:-period])


@lru_cache(maxsize=16)
def sampler(recipe: PinRecipe) -> Sampler:
    """Return the sampler of this recipe; nearly all PINs are not regular."""
    pins = LineShape(alphabet=DIGITS.encode("ascii"), width=recipe.length)
    if recipe.repeats_or_runs:
        return pins
    return Filtered(pins, lambda pin: not is_regular(pin))
