"""Strings over any sets with minimums and limited runs: numbers, uniform drawing, bounded cost."""

import string
from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passwords.domain.filtering import Filtered
from passwords.domain.rejection import Rejection
from passwords.domain.runs import Limits, SetMinimum
from passwords.domain.sampling import sampler_of
from passwords.domain.sets import RuledStrings, ruled_strings
from tests.domain.oracles import chi_square, critical_value
from tests.domain.sources import RepeatableBytes

LOWER, UPPER, DIGIT = (
    text.encode() for text in (string.ascii_lowercase, string.ascii_uppercase, string.digits)
)
SPECIAL = bytes(code for code in range(0x20, 0x7F) if not chr(code).isalnum())
LETTERS = UPPER + LOWER
FOUR = [(UPPER, 1), (LOWER, 1), (DIGIT, 1), (SPECIAL, 1)]


def _strings(
    length: int, sets: list[SetMinimum], *, allowed: bytes = b"", limits: tuple[int, int] = (0, 0)
) -> RuledStrings:
    members = set(b"".join(members for members, _minimum in sets) + allowed)
    return ruled_strings(
        length=length, alphabet=bytes(sorted(members)), sets=sets, limits=Limits(*limits)
    )


def _longest_run(text: bytes, steps: set[int]) -> int:
    """Return the length of the longest run with one of these *steps*, looking at each character."""
    best = run = 1
    last = None
    for first, second in pairwise(text):
        step = second - first
        kinds = [str.islower, str.isupper, str.isdigit]
        is_alike = any(kind(chr(first)) and kind(chr(second)) for kind in kinds) or step == 0
        if step in steps and is_alike:
            run = run + 1 if step == last else 2
            last = step
        else:
            run, last = 1, None
        best = max(best, run)
    return best


def _honours(text: bytes, sets: list[SetMinimum], limits: tuple[int, int]) -> bool:
    repeating, sequential = limits
    needed: Counter[frozenset[int]] = Counter()
    for members, minimum in sets:
        needed[frozenset(members)] += minimum
    return (
        all(sum(byte in members for byte in text) >= least for members, least in needed.items())
        and (not repeating or _longest_run(text, {0}) <= repeating)
        and (not sequential or _longest_run(text, {1, -1}) <= sequential)
    )


SMALL_SETS = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abcX12"), min_size=1, max_size=3).map(
            lambda members: "".join(sorted(members)).encode()
        ),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=3,
).filter(lambda sets: len(set(b"".join(members for members, _minimum in sets))) <= 5)


@settings(max_examples=300)
@given(
    SMALL_SETS,
    st.sampled_from([b"", b"a", b"2"]),
    st.integers(1, 5),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
)
def test_the_count_agrees_with_trying_all_strings(
    sets: list[SetMinimum], allowed: bytes, length: int, limits: tuple[int, int]
) -> None:
    strings = _strings(length, sets, allowed=allowed, limits=limits)
    everything = map(bytes, product(strings.alphabet, repeat=length))

    found = sum(_honours(text, sets, limits) for text in everything)

    assert strings.count == found


@pytest.mark.parametrize(
    ("strings", "count"),
    [
        (
            _strings(20, [(LETTERS, 1), (DIGIT, 1)]),
            683527246891054821557005989812633600,
        ),
        (
            _strings(20, [(LOWER, 1), (UPPER, 1), (DIGIT, 1), (b"-", 1)]),
            255955340632210288231437342231091200,
        ),
        (
            _strings(20, [(LOWER, 1), (UPPER, 1), (DIGIT, 1), (DIGIT, 1)]),
            603130940437707737685812980482048000,
        ),
        (
            _strings(15, [(DIGIT, 1), (DIGIT, 1), (LETTERS, 1), (LETTERS, 1)]),
            555409556910924923191296000,
        ),
        (_strings(8, [], allowed=DIGIT, limits=(2, 0)), 94551300),
        (_strings(8, [], allowed=DIGIT, limits=(0, 2)), 91292626),
        (_strings(8, [], allowed=DIGIT, limits=(2, 2)), 86125524),
        (
            _strings(8, [(DIGIT, 1), (LETTERS + b"#$+./:=?@[^_|~", 1)], limits=(3, 3)),
            752978844718776,
        ),
        (
            _strings(20, [(LETTERS, 1), (DIGIT, 1)], allowed=b"!#$*", limits=(3, 0)),
            2367551740308637406881519498260402400,
        ),
        (
            _strings(20, [(LETTERS, 1), (DIGIT, 1)], allowed=b"!#$*", limits=(3, 3)),
            2367335701251316641312102851621572752,
        ),
        (
            _strings(20, [(LETTERS, 1), (DIGIT, 1)], limits=(2, 2)),
            674839864105171041447714705285499104,
        ),
        (
            _strings(20, [(UPPER, 2), (DIGIT, 2), (SPECIAL, 2)], allowed=LOWER),
            2238195403486593171141580427331573324000,
        ),
        (_strings(20, FOUR, limits=(3, 3)), 3185009977457622596371808641136530161120),
        (_strings(8, [(b"abcde", 1), (b"cdefg", 1)]), 5764289),
        (_strings(8, [(b"abcde", 2), (b"cdefg", 2)]), 5754049),
        (_strings(4, [(b"12", 1), (b"23", 1)]), 79),
    ],
)
def test_the_count_is_the_published_one(strings: RuledStrings, count: int) -> None:
    assert strings.count == count


UNIFORM = [
    ([(b"abc", 1), (b"bcd", 1)], (0, 0)),
    ([(b"ab", 1), (b"12", 2), (b"21", 0)], (2, 0)),
    ([(b"abcd", 1)], (1, 2)),
    ([(b"ab", 1), (b"bc", 1), (b"1", 1)], (2, 1)),
]


@pytest.mark.parametrize(("sets", "limits"), UNIFORM)
@pytest.mark.parametrize("is_in_bulk", [False, True])
def test_each_allowed_string_is_drawn_equally_often(
    sets: list[SetMinimum], limits: tuple[int, int], *, is_in_bulk: bool
) -> None:
    strings = _strings(4, sets, limits=limits)
    everything = map(bytes, product(strings.alphabet, repeat=4))
    allowed = {text for text in everything if _honours(text, sets, limits)}
    sampler, source = sampler_of(strings), RepeatableBytes("sets")

    if is_in_bulk:
        drawn = sampler.draw_lines(30_000, random_bytes=source).split()
    else:
        drawn = [sampler.draw(random_bytes=source) for _ in range(20_000)]

    assert isinstance(sampler, Filtered)
    assert chi_square(Counter(drawn), allowed) < critical_value(len(allowed))


def test_strings_without_overlap_and_limits_need_no_filter() -> None:
    assert isinstance(sampler_of(_strings(20, FOUR)), Rejection)


def test_limits_that_no_string_exceeds_need_no_filter() -> None:
    assert _strings(20, FOUR, limits=(20, 26)).is_base
    assert not _strings(20, FOUR, limits=(19, 26)).is_base


def test_equal_sets_add_up_in_any_order() -> None:
    strings = _strings(6, [(b"ab", 1), (b"1", 1), (b"ba", 2)])

    assert strings.sets == ((b"ab", 3), (b"1", 1))


def test_spaces_survive_drawing_in_bulk() -> None:
    strings = _strings(4, [(b" ", 2)], allowed=b"a", limits=(3, 0))

    lines = sampler_of(strings).draw_lines(100, random_bytes=RepeatableBytes("space"))

    assert {len(line) for line in lines.split(b"\n")[:-1]} == {4}


@pytest.mark.parametrize(
    ("strings", "expected"),
    [
        (_strings(20, FOUR, limits=(3, 3)), True),
        (_strings(8, [], allowed=DIGIT, limits=(2, 2)), True),
        (_strings(9, [], allowed=b"ab", limits=(2, 0)), True),  # 110 of 512
        (_strings(30, [], allowed=b"ab", limits=(2, 0)), False),
        (_strings(40, [(b"abcd", 35), (b"defg", 36)]), False),
        (_strings(4, [(b"ab", 3), (b"bc", 3)]), True),
    ],
)
def test_strings_are_drawable_if_one_in_128_is_kept(
    strings: RuledStrings, *, expected: bool
) -> None:
    assert strings.is_drawable is expected
    assert (strings.count * 128 >= strings.base.count) is expected


def test_the_bound_on_refused_strings_spares_the_exact_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(RuledStrings, "count")

    assert _strings(20, FOUR, limits=(3, 3)).is_drawable


@pytest.mark.parametrize(
    ("strings", "expected"),
    [
        (_strings(64, FOUR, limits=(3, 3)), True),
        (_strings(256, FOUR, limits=(3, 3)), False),
        (_strings(256, [], allowed=LETTERS, limits=(255, 0)), False),
        (_strings(256, [(b"ab", 100), (b"bc", 100)]), False),
        (_strings(256, [(members, 60) for members, _minimum in FOUR]), True),
    ],
)
def test_only_counts_of_bounded_cost_are_made(strings: RuledStrings, *, expected: bool) -> None:
    assert strings.is_countable is expected
