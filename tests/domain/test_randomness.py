"""Choices from random bytes are exactly uniform, shown by giving every possible byte."""

from collections import Counter
from itertools import product

import pytest

from passwords.domain import randomness
from passwords.domain.randomness import below, choice, shuffle
from tests.domain.oracles import exact_distribution
from tests.domain.sources import ChosenBytes


def _answers(limit: int, size: int) -> Counter[int]:
    """Count the answers of `below` over all series of *size* bytes that it accepts."""
    answers: Counter[int] = Counter()
    for series in product(range(256), repeat=size):
        try:
            answers[below(limit, random_bytes=ChosenBytes(bytes(series)))] += 1
        except EOFError:
            continue
    return answers


@pytest.mark.parametrize("limit", [2, 3, 7, 10, 26, 94, 100, 128, 129, 200, 255, 256])
def test_each_number_comes_from_equally_many_bytes(limit: int) -> None:
    answers = _answers(limit, size=1)

    assert answers == dict.fromkeys(range(limit), 256 // limit)


def test_each_number_beyond_a_byte_comes_from_equally_many_pairs() -> None:
    answers = _answers(7776, size=2)

    assert answers == dict.fromkeys(range(7776), 65536 // 7776)


def test_a_byte_that_would_favour_small_numbers_is_drawn_again() -> None:
    source = ChosenBytes(bytes([250, 255, 249]))

    number = below(10, random_bytes=source)

    assert number == 9
    assert source.left == b""


def test_the_only_number_takes_no_randomness() -> None:
    number = below(1, random_bytes=ChosenBytes(b""))

    assert number == 0


@pytest.mark.parametrize("limit", [0, -1])
def test_there_is_no_number_below_zero(limit: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        below(limit, random_bytes=ChosenBytes(b""))


def test_a_choice_is_the_option_at_a_uniform_position() -> None:
    picked = [choice("abc", random_bytes=ChosenBytes(bytes([byte]))) for byte in range(255)]

    assert Counter(picked) == {"a": 85, "b": 85, "c": 85}


def test_a_choice_among_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        choice([], random_bytes=ChosenBytes(b""))


def test_every_order_is_equally_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    def shuffled() -> str:
        letters = list("abcd")
        shuffle(letters, random_bytes=ChosenBytes(b""))
        return "".join(letters)

    orders = exact_distribution(monkeypatch, shuffled)

    assert len(orders) == 24
    assert len(set(orders.values())) == 1


def test_the_oracle_would_notice_a_biased_shuffle(monkeypatch: pytest.MonkeyPatch) -> None:
    def biased() -> str:
        letters = list("abc")
        for at in range(3):
            other = randomness.below(3, random_bytes=ChosenBytes(b""))
            letters[at], letters[other] = letters[other], letters[at]
        return "".join(letters)

    orders = exact_distribution(monkeypatch, biased)

    assert len(orders) == 6
    assert len(set(orders.values())) > 1
