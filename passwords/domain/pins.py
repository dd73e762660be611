"""PINs: random digits, with or without those that are guessed first."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from passwords.domain import strength
from passwords.domain.alphabets import DIGITS
from passwords.domain.bulk import LineShape
from passwords.domain.randomness import RandomBytes
from passwords.domain.sampling import Sampler
from passwords.domain.validation import require_flag, require_whole_number

MIN_LENGTH = 3
MAX_LENGTH = 32

_UPWARDS = DIGITS.encode("ascii") * (MAX_LENGTH // len(DIGITS) + 2)
_DOWNWARDS = _UPWARDS[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRecipe:
    """A PIN of *length* digits.

    Attributes:
        length: digits, 3 to 32.
        repeats_or_runs: whether PINs may be regular. If not, two kinds are refused: those in
            which a group of at most half the digits repeats, the last time perhaps cut short
            (0000, 1212, 123123, 12121), and those that count up or down by one, 0 following 9
            (1234, 8901, 9876, 2109).

    Raises:
        RecipeError: a value is wrong; names the field.
    """

    kind: ClassVar[str] = "pin"

    length: int = 6
    repeats_or_runs: bool = True

    def __post_init__(self) -> None:
        require_whole_number("length", self.length, minimum=MIN_LENGTH, maximum=MAX_LENGTH)
        require_flag("repeats_or_runs", self.repeats_or_runs)

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the shortest recipe under these *rules* that reaches *bits* of entropy.

        Args:
            bits: the wished strength, 1 to 2048.
            rules: the recipe's parameters; a *length* among them is the greatest allowed.

        Raises:
            UnreachableStrengthError: the greatest length has too few bits.
            RecipeError: *bits* or a rule is wrong.
        """
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

    @property
    def entropy_bits(self) -> float:
        """The entropy of a PIN, in bits: log2 of the count."""
        return strength.entropy_bits(self.count)


def count_regular(length: int) -> int:
    """Return how many PINs of *length* digits, 3 or more, repeat a group or run.

    A PIN with a period of at most half its length has one shortest period, and its first
    digits up to there are no repetition of fewer ones (Fine and Wilf 1965, theorem 1): so the
    PINs of each shortest period are as many as the primitive groups of that size. The 20 runs
    are 10 starts in 2 directions; from 20 digits on they have the period 10 and are counted.
    """
    repeating = sum(_count_primitive(period) for period in range(1, length // 2 + 1))
    return repeating + (2 * len(DIGITS) if length < 2 * len(DIGITS) else 0)


def _count_primitive(size: int) -> int:
    """Return how many groups of *size* digits are no repetition of a shorter group."""
    groups: int = 10**size
    return groups - sum(_count_primitive(part) for part in range(1, size) if size % part == 0)


def is_regular(pin: bytes) -> bool:
    """Tell whether *pin* repeats a group of at most half its digits, or counts up or down."""
    if pin in _UPWARDS or pin in _DOWNWARDS:
        return True
    # Under such a period the longer half of the PIN, at its start, appears again that far on.
    # Where it does first is the only period to try: if it appears at p and a later q is a
    # period, then so is their greatest common divisor (Fine and Wilf), hence p.
    head = pin[: len(pin) - len(pin) // 2]
    period = pin.find(head, 1)
    return period > 0 and pin.endswith(pin[:-period])


class IrregularPins:
    """Draws PINs of any digits until one is not regular, which nearly all are."""

    def __init__(self, length: int) -> None:
        self.width = length
        self._pins = LineShape(alphabet=DIGITS.encode("ascii"), width=length)

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one PIN."""
        while is_regular(pin := self._pins.draw(random_bytes=random_bytes)):
            pass
        return pin

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Draw *rows* lines and return those that are not regular."""
        lines = self._pins.draw_lines(rows, random_bytes=random_bytes).split()
        return b"".join([line + b"\n" for line in lines if not is_regular(line)])


@lru_cache(maxsize=16)
def sampler(recipe: PinRecipe) -> Sampler:
    """Return the way to draw PINs by this recipe, exactly uniformly."""
    if recipe.repeats_or_runs:
        return LineShape(alphabet=DIGITS.encode("ascii"), width=recipe.length)
    return IrregularPins(recipe.length)
