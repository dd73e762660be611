"""Constrained strings are exactly uniform, whichever way they are drawn."""

from collections import Counter
from collections.abc import Callable
from itertools import product

import pytest

from passwords.domain.bulk import LineShape
from passwords.domain.composition import Composition
from passwords.domain.counting import ConstrainedStrings
from passwords.domain.rejection import Rejection
from passwords.domain.runs import SetMinimum
from passwords.domain.sampling import Sampler, sampler_of
from passwords.domain.sets import ruled_strings
from tests.domain.oracles import chi_square, critical_value, exact_distribution
from tests.domain.sources import ChosenBytes, RepeatableBytes

ONE_OF_EACH = ConstrainedStrings(length=4, classes=((b"ab", 1), (b"1", 1)), free=b"!")
TWO_OF_ONE = ConstrainedStrings(length=4, classes=((b"ab", 2), (b"1", 1)), free=b"!")
NOTHING_FREE = ConstrainedStrings(length=4, classes=((b"a", 2), (b"1", 1), (b"!", 1)), free=b"")
ALL_SMALL = [ONE_OF_EACH, TWO_OF_ONE, NOTHING_FREE]
NAMES = ["one of each", "two of one", "nothing free"]


def _allowed(strings: ConstrainedStrings) -> set[bytes]:
    everything = map(bytes, product(strings.alphabet, repeat=strings.length))
    return {
        string
        for string in everything
        if all(
            sum(byte in members for byte in string) >= least for members, least in strings.classes
        )
    }


@pytest.mark.parametrize("strings", ALL_SMALL, ids=NAMES)
def test_the_count_is_that_of_all_allowed_strings(strings: ConstrainedStrings) -> None:
    assert strings.count == len(_allowed(strings))


@pytest.mark.parametrize("strings", ALL_SMALL, ids=NAMES)
def test_composition_gives_each_allowed_string_the_same_exact_probability(
    strings: ConstrainedStrings, monkeypatch: pytest.MonkeyPatch
) -> None:
    composition = Composition(strings)

    likely = exact_distribution(
        monkeypatch, lambda: composition.draw(random_bytes=ChosenBytes(b""))
    )

    assert set(likely) == _allowed(strings)
    assert {1 / probability for probability in likely.values()} == {strings.count}


@pytest.mark.parametrize("strings", [ONE_OF_EACH, TWO_OF_ONE], ids=NAMES[:2])
def test_rejection_keeps_each_allowed_line_and_no_other(strings: ConstrainedStrings) -> None:
    every_string = product(range(4), repeat=4)  # as positions in an alphabet of four
    columns = map(bytes, zip(*every_string, strict=True))
    randomness = b"".join(columns) + b"\0"

    lines = Rejection(strings).draw_lines(256, random_bytes=ChosenBytes(randomness))

    assert Counter(lines.split()) == dict.fromkeys(_allowed(strings), 1)


def test_rejection_draws_single_strings_until_one_is_allowed() -> None:
    refused, accepted = bytes([0, 0, 0, 0, 0]), bytes([0, 1, 2, 3, 0])
    source = ChosenBytes(refused + refused + accepted)

    string = Rejection(ONE_OF_EACH).draw(random_bytes=source)

    assert string == b"ab1!"


def _one_by_one(sampler: Sampler, source: RepeatableBytes) -> list[bytes]:
    return [sampler.draw(random_bytes=source) for _ in range(20_000)]


def _in_bulk(sampler: Sampler, source: RepeatableBytes) -> list[bytes]:
    return sampler.draw_lines(20_000, random_bytes=source).split()


@pytest.mark.parametrize("strings", ALL_SMALL, ids=NAMES)
@pytest.mark.parametrize("way", [Rejection, Composition])
@pytest.mark.parametrize("drawn", [_one_by_one, _in_bulk])
def test_many_strings_are_spread_evenly(
    strings: ConstrainedStrings,
    way: Callable[[ConstrainedStrings], Sampler],
    drawn: Callable[[Sampler, RepeatableBytes], list[bytes]],
) -> None:
    found = Counter(drawn(way(strings), RepeatableBytes("spread")))

    assert chi_square(found, _allowed(strings)) < critical_value(strings.count)


def test_placing_one_of_each_and_filling_up_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    composition = Composition(ONE_OF_EACH)
    monkeypatch.setattr(composition, "_weights", lambda *_: [1])  # always just the minimum

    likely = exact_distribution(
        monkeypatch, lambda: composition.draw(random_bytes=ChosenBytes(b""))
    )

    assert set(likely) != _allowed(ONE_OF_EACH)


@pytest.mark.parametrize(
    ("length", "sets", "way"),
    [
        (4, [], LineShape),
        (4, [(b"ab", 1), (b"1", 1)], Rejection),
        (8, [(b"0123", 6)], Rejection),
        (8, [(b"0123", 7)], Composition),
    ],
    ids=["no demand", "likely", "7 tries", "28 tries"],
)
def test_the_fastest_way_is_chosen(length: int, sets: list[SetMinimum], way: type[Sampler]) -> None:
    free = b"abcd" if length == 8 else b"!"
    alphabet = b"".join(members for members, _minimum in sets) + free
    strings = ruled_strings(length=length, alphabet=alphabet, sets=sets)

    assert isinstance(sampler_of(strings), way)
