"""How fast secrets are drawn in bulk, as ratios: python -m benchmarks.generation [SECONDS].

Speeds on shared cores say little; ratios of contestants that took turns say more. Each
contestant runs once in a round, a ratio is the median of the rounds' ratios, and its spread
goes from the least to the greatest. Time is that of the processor, user and system, children
included: what else runs on the machine counts for less. SECONDS is how much of it a contestant
gets in a round.
"""

import os
import resource
import secrets
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from benchmarks.tables import Bar, Row, Table, row
from passwords.domain import CharacterRecipe, PassphraseRecipe, Recipe, stream
from passwords.domain.wordlists import load

ROUNDS = 7
LENGTH = 20
WORDS = 6
ALPHABET = string.ascii_letters + string.digits + string.punctuation

Contestant = Callable[[int], None]
"""Makes so many secrets and throws them away."""

PLAIN = CharacterRecipe(
    length=LENGTH, min_lowercase=0, min_uppercase=0, min_digits=0, min_symbols=0
)
ONE_OF_EACH = CharacterRecipe(length=LENGTH)
PASSPHRASE = PassphraseRecipe(words=WORDS, wordlist="eff-large")


def bulk(recipe: Recipe, count: int) -> None:
    """Draw from the library's stream."""
    for _ in stream(recipe, count):
        pass


def pwgen(count: int) -> None:
    """Let pwgen draw, from its 62 characters; with symbols (-y) it is slower still."""
    subprocess.run(["pwgen", "-s", str(LENGTH), str(count)], stdout=subprocess.DEVNULL, check=True)


def one_choice_a_character(count: int) -> None:
    """Draw as the documentation of `secrets` shows it."""
    for _ in range(count):
        "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def one_choice_a_word(count: int) -> None:
    """Draw words as the documentation of `secrets` shows it."""
    words = load(PASSPHRASE.wordlist)
    for _ in range(count):
        "-".join(secrets.choice(words) for _ in range(WORDS))


def random_bytes_alone(count: int) -> None:
    """Take the random bytes that byte rejection needs on average, and do nothing with them."""
    accepted = 256 // len(ALPHABET) * len(ALPHABET)
    left = count * LENGTH * 256 // accepted
    while left > 0:
        os.urandom(min(left, 1 << 16))
        left -= 1 << 16


class Comparison(NamedTuple):
    """A contestant measured by another one, and the ratio to reach."""

    title: str
    contestant: Contestant
    yardstick: Contestant
    at_least: float


COMPARISONS = (
    Comparison("20 of 94 characters / pwgen -s", partial(bulk, PLAIN), pwgen, 40),
    Comparison(
        "20 of 94 characters / secrets.choice", partial(bulk, PLAIN), one_choice_a_character, 100
    ),
    Comparison(
        "20 of 94 characters / os.urandom alone", partial(bulk, PLAIN), random_bytes_alone, 0.35
    ),
    Comparison(
        "one of each class / no minimum", partial(bulk, ONE_OF_EACH), partial(bulk, PLAIN), 0.5
    ),
    Comparison("6 EFF words / secrets.choice", partial(bulk, PASSPHRASE), one_choice_a_word, 10),
)


def processor_seconds() -> float:
    """Return the time that this process and its finished children have computed, in seconds."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def speed(contestant: Contestant, count: int) -> float:
    """Return how many secrets a second the contestant makes, in one run of *count*."""
    began = processor_seconds()
    contestant(count)
    return count / (processor_seconds() - began)


def fitting_count(contestant: Contestant, seconds: float) -> int:
    """Return how many secrets the contestant makes in that time, found by doubling."""
    count = 10_000
    while count / (found := speed(contestant, count)) < seconds / 4:
        count *= 2
    return int(found * seconds)


def measure(comparison: Comparison, seconds: float) -> Row:
    """Let the two take turns, each for about so many seconds a round."""
    pair = (comparison.contestant, comparison.yardstick)
    counts = [fitting_count(contestant, seconds) for contestant in pair]
    rounds = [
        [speed(*entry) / 1e6 for entry in zip(pair, counts, strict=True)] for _ in range(ROUNDS)
    ]
    ours, theirs = zip(*rounds, strict=True)
    return row(comparison.title, ours, theirs, Bar(at_least=comparison.at_least))


def tables(*, seconds: float = 0.5) -> Iterator[Table]:
    """Yield the one table."""
    rows = [
        measure(comparison, seconds)
        for comparison in COMPARISONS
        if comparison.yardstick is not pwgen or shutil.which("pwgen")
    ]
    yield Table(
        title="Drawing in bulk, in the library", ours="M/s", yardstick="yardstick, M/s", rows=rows
    )


def main() -> None:
    """Print the table."""
    for table in tables(seconds=float(sys.argv[1]) if len(sys.argv) > 1 else 0.5):
        print(table)


if __name__ == "__main__":
    main()
