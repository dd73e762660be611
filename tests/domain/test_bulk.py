"""Characters in bulk are exactly uniform, lines are whole, memory is flat."""

import itertools
import string
import tracemalloc
from collections import Counter

import pytest

from passwords.domain import CharacterRecipe, stream
from passwords.domain.bulk import CHUNK_BYTES, WIDE, LineShape, characters, chunks, in_lines
from tests.domain.sources import ChosenBytes, RepeatableBytes, every_byte

PRINTABLE = (string.ascii_letters + string.digits + string.punctuation).encode()


@pytest.mark.parametrize("size", range(1, 95))
def test_each_character_stands_for_equally_many_bytes(size: int) -> None:
    accepted = 256 // size * size

    found = characters(PRINTABLE[:size], accepted, random_bytes=every_byte)

    assert Counter(found) == dict.fromkeys(PRINTABLE[:size], accepted // size)


def test_bytes_that_would_favour_a_character_are_dropped() -> None:
    answers = iter([bytes([255, 254, 253, 30, 20, 10]), bytes([252, 9, 255])])

    found = characters(b"0123456789", 4, random_bytes=lambda _: next(answers))

    assert found == b"0009"


def test_more_bytes_are_fetched_until_there_are_enough() -> None:
    answers = iter([b"\xff" * 20, b"\xff" * 20, bytes(20)])

    found = characters(b"0123456789", 8, random_bytes=lambda _: next(answers))

    assert found == b"00000000"


def test_no_characters_take_no_randomness() -> None:
    assert characters(b"01", 0, random_bytes=ChosenBytes(b"")) == b""


@pytest.mark.parametrize("width", [1, 3, WIDE - 1, WIDE, 300])
def test_each_character_of_a_body_goes_to_one_place_in_its_lines(width: int) -> None:
    body = every_byte(4 * width)

    lines = in_lines(body, width=width)

    characters_of_lines = [lines[at : at + width] for at in range(0, len(lines), width + 1)]
    assert sorted(b"".join(characters_of_lines)) == sorted(body)
    assert lines[width :: width + 1] == b"\n" * 4


def test_an_empty_body_becomes_no_lines() -> None:
    assert in_lines(b"", width=3) == in_lines(b"", width=WIDE) == b""


def test_an_exceptional_column_has_its_own_alphabet() -> None:
    shape = LineShape(alphabet=b"ab", width=4, exceptions=((1, b"-"), (3, b"xyz")))

    source = RepeatableBytes("columns")

    lines = shape.draw_lines(50, random_bytes=source).split()
    lines += [shape.draw(random_bytes=source) for _ in range(50)]

    assert shape.count == 2 * 1 * 2 * 3
    assert {len(line) for line in lines} == {4}
    assert {line[1:2] for line in lines} == {b"-"}
    assert {line[3:] for line in lines} == {b"x", b"y", b"z"}
    assert len(set(lines)) == shape.count


def test_rejected_lines_are_made_up_for() -> None:
    requested: list[int] = []

    def half(rows: int) -> bytes:
        requested.append(rows)
        return b"12\n" * (rows // 2 + rows % 2)

    lines = b"".join(chunks(half, 10, width=2))

    assert lines == b"12\n" * 10
    assert requested == [10, 5, 2, 1]


def test_a_chunk_of_which_all_is_rejected_is_not_shown() -> None:
    answers = iter([b"", b"12\n", b"", b"34\n"])

    pieces = list(chunks(lambda _: next(answers), 2, width=2))

    assert pieces == [b"12\n", b"34\n"]


def test_chunks_hold_whole_lines_and_no_more_than_their_size() -> None:
    pieces = list(stream(CharacterRecipe(), 10_000))

    assert sum(piece.count(b"\n") for piece in pieces) == 10_000
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert max(map(len, pieces)) <= CHUNK_BYTES


def test_a_line_longer_than_a_chunk_is_still_drawn() -> None:
    shape = LineShape(alphabet=b"ab", width=CHUNK_BYTES)

    pieces = list(
        chunks(lambda rows: shape.draw_lines(rows, random_bytes=every_byte), 2, width=shape.width)
    )

    assert [len(piece) for piece in pieces] == [CHUNK_BYTES + 1] * 2


@pytest.mark.parametrize(
    "recipe",
    [CharacterRecipe(min_lowercase=0, min_uppercase=0, min_digits=0, min_symbols=0),
     CharacterRecipe(), CharacterRecipe(min_digits=3),
     CharacterRecipe(length=256, min_digits=250)],
    ids=["plain", "one of each", "three digits", "nearly all digits"],
)  # fmt: skip
def test_memory_does_not_grow_with_the_number_of_lines(recipe: CharacterRecipe) -> None:
    def peak(full_chunks: int) -> int:
        tracemalloc.start()
        for _ in stream(recipe, full_chunks * CHUNK_BYTES // (recipe.length + 1)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(3), peak(9)

    assert many < 1.3 * few
    assert many < 20 * CHUNK_BYTES


@pytest.mark.parametrize("count", [1, 3_120, 3_121, 20_000])
def test_two_threads_draw_as_many_different_lines_as_one(count: int) -> None:
    lines = b"".join(stream(CharacterRecipe(), count, threads=2)).splitlines()

    assert len(lines) == len(set(lines)) == count


def test_what_fails_in_a_thread_fails_for_the_caller() -> None:
    def fail(_rows: int) -> bytes:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  # the very one
        list(chunks(fail, 2 * CHUNK_BYTES, width=1, threads=2))


def test_threads_draw_again_where_every_line_was_rejected() -> None:
    calls = itertools.count()

    def draw(rows: int) -> bytes:
        return b"" if next(calls) % 2 else b"ab\n" * rows

    lines = b"".join(chunks(draw, 3 * CHUNK_BYTES, width=2, threads=2)).splitlines()

    assert len(lines) == 3 * CHUNK_BYTES
