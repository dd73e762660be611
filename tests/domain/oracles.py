"""Slow and obvious computations of what the domain computes fast."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any, TypeVar

import pytest

from passwords.domain import CharacterRecipe, composition, randomness

Outcome = TypeVar("Outcome", bound=Hashable)


def honours(text: str, recipe: CharacterRecipe) -> bool:
    """Return whether *text* is made of the recipe's classes and has enough of each."""
    return (
        len(text) == recipe.length
        and set(text) <= set(recipe.alphabet)
        and all(
            sum(character in members for character in text) >= recipe.minimums[name]
            for name, members in recipe.classes.items()
        )
    )


def allowed(recipe: CharacterRecipe) -> set[str]:
    """Return every password of the recipe, found by trying all strings."""
    strings = map("".join, product(recipe.alphabet, repeat=recipe.length))
    return {text for text in strings if honours(text, recipe)}


def count_by_compositions(sizes: Sequence[int], minimums: Sequence[int], length: int) -> int:
    """Count strings by summing over how many characters of each class there are."""
    if not sizes:
        return int(length == 0)
    return sum(
        math.comb(length, amount)
        * sizes[0] ** amount
        * count_by_compositions(sizes[1:], minimums[1:], length - amount)
        for amount in range(minimums[0], length + 1)
    )


def repeats_or_runs(pin: str) -> bool:
    """Return whether a PIN is regular, word for word as the rule is written."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    periods = range(1, len(pin) // 2 + 1)
    return steps in ({1}, {9}) or any(
        all(pin[at] == pin[at % period] for at in range(len(pin))) for period in periods
    )


def regular_pins(length: int) -> set[str]:
    """Return every regular PIN, by writing out each group and each run."""
    groups = {
        "".join(digits)
        for period in range(1, length // 2 + 1)
        for digits in product("0123456789", repeat=period)
    }
    cycles = ["0123456789" * length, "9876543210" * length]
    runs = {cycle[start : start + length] for cycle in cycles for start in range(10)}
    return runs | {(group * length)[:length] for group in groups}


class _Script:
    """Answers to a series of choices: every series once, over all runs."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.limits: list[int] = []

    def below(self, limit: int, **_: Any) -> int:
        """Answer one choice, as `randomness.below` would."""
        self.limits.append(limit)
        if len(self.limits) > len(self.answers):
            self.answers.append(0)
        return self.answers[len(self.limits) - 1]

    def characters(self, alphabet: bytes, count: int, **_: Any) -> bytes:
        """Choose characters, as `bulk.characters` would."""
        return bytes(alphabet[self.below(len(alphabet))] for _ in range(count))

    def advance(self) -> bool:
        """Go to the next series of answers; false when there is none."""
        while self.answers and self.answers[-1] + 1 == self.limits[len(self.answers) - 1]:
            self.answers.pop()
        if self.answers:
            self.answers[-1] += 1
        self.limits.clear()
        return bool(self.answers)


def exact_distribution(
    monkeypatch: pytest.MonkeyPatch, draw: Callable[[], Outcome]
) -> dict[Outcome, Fraction]:
    """Return the exact probability of each outcome of *draw*.

    It runs once for every series of answers that its choices can get, and counts the
    probability of that series towards what came out.
    """
    script = _Script()
    monkeypatch.setattr(randomness, "below", script.below)
    monkeypatch.setattr(composition, "characters", script.characters)
    probabilities: dict[Outcome, Fraction] = {}
    more = True
    while more:
        outcome = draw()
        probability = Fraction(1, math.prod(script.limits))
        probabilities[outcome] = probabilities.get(outcome, Fraction(0)) + probability
        more = script.advance()
    return probabilities


def chi_square(observed: Mapping[Outcome, int], outcomes: Iterable[Outcome]) -> float:
    """Return the chi-square statistic of the counts against equally likely *outcomes*.

    Raises:
        AssertionError: something else was observed.
    """
    expected_outcomes = set(outcomes)
    assert set(observed) <= expected_outcomes
    counts = Counter(observed)
    expected = counts.total() / len(expected_outcomes)
    return sum((counts[outcome] - expected) ** 2 / expected for outcome in expected_outcomes)


def critical_value(outcomes: int) -> float:
    """Return what chi-square exceeds with probability 1e-6 over that many likely outcomes.

    Wilson and Hilferty's approximation (1931), within 0.2 % from 3 degrees of freedom on;
    4.7534 is the standard normal quantile of 1 - 1e-6.
    """
    freedom = outcomes - 1
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + 4.7534 * math.sqrt(spread)) ** 3)
