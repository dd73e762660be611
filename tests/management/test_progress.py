"""The progress bar, by a clock of the test's own."""

from collections.abc import Iterator

import pytest

from passwords.management.progress import bar, with_progress


def _lines(chunk: bytes) -> int:
    return chunk.count(b"\n")


@pytest.fixture
def drawn() -> list[str]:
    return []


def _ticking(step: float) -> Iterator[float]:
    moment = 0.0
    while True:
        yield moment
        moment += step


def test_the_chunks_come_through_as_they_are(drawn: list[str]) -> None:
    chunks = [b"a\nb\n", b"c\n"]

    passed = list(with_progress(chunks, 3, measure=_lines, draw=drawn.append))

    assert passed == chunks


def test_short_work_draws_nothing(drawn: list[str]) -> None:
    clock = _ticking(0.01)

    list(
        with_progress(
            [b"a\n"] * 10, 10, measure=_lines, draw=drawn.append, clock=lambda: next(clock)
        )
    )

    assert drawn == []


def test_long_work_draws_a_growing_bar_and_clears_it(drawn: list[str]) -> None:
    clock = _ticking(1)

    list(
        with_progress(
            [b"a\n", b"b\n"], 2, measure=_lines, draw=drawn.append, clock=lambda: next(clock)
        )
    )

    assert [line.removeprefix("\r\x1b[K") for line in drawn] == [bar(1, 2), bar(2, 2), ""]


def test_the_bar_is_drawn_ten_times_a_second_at_most(drawn: list[str]) -> None:
    clock = _ticking(0.001)

    list(
        with_progress(
            [b"a\n"] * 999, 999, measure=_lines, draw=drawn.append, clock=lambda: next(clock)
        )
    )

    assert 2 <= len(drawn) <= 1 + 5 + 1


def test_the_bar_is_cleared_when_the_work_is_given_up(drawn: list[str]) -> None:
    clock = _ticking(1)
    chunks = with_progress(
        [b"a\n"] * 9, 9, measure=_lines, draw=drawn.append, clock=lambda: next(clock)
    )
    assert isinstance(chunks, Iterator)
    next(chunks)
    next(chunks)

    del chunks

    assert drawn[-1] == "\r\x1b[K"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (0, f"[{'.' * 30}]   0 % (0/200)"),
        (100, f"[{'#' * 15}{'.' * 15}]  50 % (100/200)"),
        (200, f"[{'#' * 30}] 100 % (200/200)"),
    ],
)
def test_the_bar_shows_the_share(lines: int, text: str) -> None:
    assert bar(lines, 200) == text
