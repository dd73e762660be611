"""Strings with overlapping sets and limited runs: their exact number, by a transfer matrix."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from passwords.domain import alphabets

RANGES: Final = tuple(
    text.encode("ascii") for text in (alphabets.LOWERCASE, alphabets.UPPERCASE, alphabets.DIGITS)
)
"""The characters that can be in sequence: ascending or descending by one, inside one range."""

SetMinimum = tuple[bytes, int]
"""The members of a set, and the minimum number of characters from it, 1 or more."""

_Pairs = list[tuple[int, int]]
"""Neighbours in a string that continue a run, by their indexes in the alphabet."""
_Counts = list[list[int]]
"""Numbers of strings by the state of their minimums, then by their last character."""
_FRESH: Final = ("", 1)
"""The kind and the length of the run that ends a string whose last two characters continue none."""


class Limits(NamedTuple):
    """The maximum length of runs: of one character, and of characters in sequence; 0 for any."""

    repeating: int = 0
    sequential: int = 0

    def for_length(self, length: int) -> "Limits":
        """Return the limits without those that no string of *length* characters exceeds."""
        return Limits(
            self.repeating if self.repeating < length else 0,
            self.sequential if self.sequential < min(length, max(map(len, RANGES))) else 0,
        )


NO_LIMITS: Final = Limits()


def forbidden_words(alphabet: bytes, limits: Limits) -> tuple[bytes, ...]:
    """Return the shortest strings over *alphabet* that exceed the limits."""
    words: list[bytes] = []
    if limits.repeating:
        words += [bytes([member]) * (limits.repeating + 1) for member in alphabet]
    if limits.sequential:
        size = limits.sequential + 1
        words += [
            run[start : start + size]
            for characters in RANGES
            for run in (characters, characters[::-1])
            for start in range(len(run) - size + 1)
        ]
    return tuple(word for word in words if set(word) <= set(alphabet))


def matrix_size(alphabet: bytes, sets: Iterable[SetMinimum], limits: Limits, length: int) -> int:
    """Return about how many numbers `count_ruled` computes."""
    states = 1
    for _members, minimum in sets:
        states *= minimum + 1
    runs = 1 + max(limits.repeating - 1, 0) + 2 * max(limits.sequential - 1, 0)
    return length * states * runs * len(alphabet)


@lru_cache(maxsize=256)
def count_ruled(
    alphabet: bytes, sets: tuple[SetMinimum, ...], limits: Limits, *, length: int
) -> int:
    """Count the strings that satisfy the minimum of each set and the limits of runs.

    A character counts for each set that it is in. The strings of n + 1 characters follow from those
    of n, which are grouped by what matters for the next character: how many characters of each set
    they have, their last character, and the run at their end. Any character can follow; only those
    that continue a run are counted in another group, or in none if the run becomes too long.
    """
    after, done = _transitions(alphabet, sets)
    pairs = _pairs(alphabet, limits)
    longest = {"repeat": limits.repeating, "rise": limits.sequential, "fall": limits.sequential}
    totals = [int(state == 0) for state in range(len(after))]
    groups: dict[tuple[str, int], _Counts] = {}
    for _ in range(length):
        fresh = _empty(after)
        for state, total in enumerate(totals):
            if total:
                for member, following in enumerate(after[state]):
                    fresh[following][member] += total
        grown = {_FRESH: fresh}
        for (kind, run), counts in groups.items():
            for next_kind, neighbours in pairs.items():
                run_after = run + 1 if next_kind == kind else 2
                longer = None
                if run_after <= longest[next_kind]:
                    longer = grown.setdefault((next_kind, run_after), _empty(after))
                _continue_runs(counts, neighbours, after, fresh=fresh, longer=longer)
        groups = grown
        totals = [
            sum(sum(counts[state]) for counts in groups.values()) for state in range(len(after))
        ]
    return 0 if done is None else totals[done]


def _transitions(alphabet: bytes, sets: tuple[SetMinimum, ...]) -> tuple[_Counts, int | None]:
    """Return the state after each character, by state, and the state of satisfied minimums.

    A state is a number of characters for each set, at most its minimum; state 0 has none. The
    minimum of an empty set is satisfied in no state.
    """
    satisfied = tuple(minimum for _members, minimum in sets)
    numbers = {tuple(0 for _ in sets): 0}
    states = list(numbers)
    after: _Counts = []
    for state in states:  # which grows
        row = []
        for member in alphabet:
            following = tuple(
                min(amount + (member in members), minimum)
                for amount, (members, minimum) in zip(state, sets, strict=True)
            )
            if following not in numbers:
                numbers[following] = len(states)
                states.append(following)
            row.append(numbers[following])
        after.append(row)
    return after, numbers.get(satisfied)


def _pairs(alphabet: bytes, limits: Limits) -> Mapping[str, _Pairs]:
    """Return the neighbours that continue a run, for each kind of run with a limit."""
    at = {member: index for index, member in enumerate(alphabet)}
    pairs: dict[str, _Pairs] = {}
    if limits.repeating:
        pairs["repeat"] = [(index, index) for index in at.values()]
    if limits.sequential:
        rising = [
            (at[first], at[first + 1])
            for characters in RANGES
            for first in characters[:-1]
            if first in at and first + 1 in at
        ]
        pairs["rise"] = rising
        pairs["fall"] = [(second, first) for first, second in rising]
    return pairs


def _empty(after: _Counts) -> _Counts:
    return [[0] * len(row) for row in after]


def _continue_runs(
    counts: _Counts, pairs: _Pairs, after: _Counts, *, fresh: _Counts, longer: _Counts | None
) -> None:
    """Move the strings that continue a run from *fresh* to *longer*, if it may be longer."""
    for row, following in zip(counts, after, strict=True):
        for first, second in pairs:
            if number := row[first]:
                state = following[second]
                fresh[state][second] -= number
                if longer is not None:
                    longer[state][second] += number
