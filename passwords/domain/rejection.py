"""Draw constrained strings by rejection: draw any string, and keep it if it is allowed."""

from itertools import compress

from passwords.domain.bulk import characters, in_lines
from passwords.domain.counting import ConstrainedStrings
from passwords.domain.randomness import RandomBytes

MAX_CLASSES = 8
"""The most classes: each needs one bit of a byte."""

_NOT = bytes([1]) + bytes(255)


class Rejection:
    """Draws strings of any characters until one satisfies the minimums.

    All strings are equally likely, so all allowed strings are too. The average number of tries is
    the number of all strings divided by the number of allowed ones.
    """

    def __init__(self, strings: ConstrainedStrings) -> None:
        self.width = strings.length
        self._alphabet = strings.alphabet
        # One bit for each class, so that the marks of several characters can be combined with OR.
        marks = bytearray(256)
        for index, (members, _) in enumerate(strings.classes):
            for member in members:
                marks[member] = 1 << index
        self._marks = bytes(marks)
        self._minimums = [(1 << index, least) for index, (_, least) in enumerate(strings.classes)]

    def draw(self, *, random_bytes: RandomBytes) -> bytes:
        """Return one string."""
        while True:
            string = characters(self._alphabet, self.width, random_bytes=random_bytes)
            marks = string.translate(self._marks)
            if all(marks.count(mark) >= minimum for mark, minimum in self._minimums):
                return string

    def draw_lines(self, rows: int, *, random_bytes: RandomBytes) -> bytes:
        """Draw *rows* lines and return those that satisfy the minimums."""
        body = characters(self._alphabet, rows * self.width, random_bytes=random_bytes)
        lines = in_lines(body, width=self.width)
        kept = self._rows_to_keep(lines.translate(self._marks))
        return _compacted(lines, kept, stride=self.width + 1)

    def _rows_to_keep(self, marks: bytearray) -> bytes:
        """Return one byte for each row: 1 if the row satisfies all minimums.

        Args:
            marks: of the characters of each row; the mark of its newline is 0.
        """
        kept = self._rows_with_each_class(marks)
        for mark, minimum in self._minimums:
            if minimum > 1:
                kept &= self._rows_with_enough(marks, mark, minimum)
        return kept.to_bytes(len(marks) // (self.width + 1), "little")

    def _rows_with_each_class(self, marks: bytearray) -> int:
        """Return one byte for each row: 1 if it has every mark.

        Each column of the rows becomes one large integer, with one byte for each row. OR of all
        columns gives, in each byte, all marks of that row.
        """
        stride = self.width + 1
        united = 0
        for column in range(self.width):
            united |= int.from_bytes(marks[column::stride], "little")
        every_mark = (1 << len(self._minimums)) - 1
        verdicts = bytes(value == every_mark for value in range(256))
        found = united.to_bytes(len(marks) // stride, "little").translate(verdicts)
        return int.from_bytes(found, "little")

    def _rows_with_enough(self, marks: bytearray, mark: int, minimum: int) -> int:
        """Return one byte for each row: 1 if it has the mark at least *minimum* times."""
        stride = self.width + 1
        starts = range(0, len(marks), stride)
        enough = [marks.count(mark, start, start + stride) >= minimum for start in starts]
        return int.from_bytes(bytes(enough), "little")


def _compacted(lines: bytearray, kept: bytes, *, stride: int) -> bytes:
    """Return the rows to keep, as many as there are 1s in *kept*.

    Rows to keep beyond that number replace rows to drop before it, which copies the fewest rows.
    The new position of a row does not depend on its characters, so the result stays uniform.
    """
    count = kept.count(1)
    positions = range(len(kept))
    gaps = compress(positions, kept[:count].translate(_NOT))
    for gap, row in zip(gaps, compress(positions[count:], kept[count:]), strict=True):
        lines[gap * stride : (gap + 1) * stride] = lines[row * stride : (row + 1) * stride]
    return bytes(memoryview(lines)[: count * stride])
