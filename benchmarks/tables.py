"""What the benchmarks found: medians with their spread, and whether a ratio reaches its bar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.measuring import Spread, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a ratio has to reach, or must not exceed."""

    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Return whether *value* is good enough."""
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    def __str__(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_most is None else f"≤ {self.at_most:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured beside another, in turn.

    Attributes:
        ratio: of the two in the same round, not of their medians.
        bar: for the ratio's median.
    """

    what: str
    ours: Spread
    yardstick: Spread
    ratio: Spread
    bar: Bar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows whose figures mean the same.

    Attributes:
        ours: the head of the first column of figures, with its unit.
        yardstick: the head of the second one.
    """

    title: str
    ours: str
    yardstick: str
    rows: Sequence[Row]

    def __str__(self) -> str:
        head = f"| what | {self.ours} | {self.yardstick} | ratio | bar | |"
        lines = [
            f"| {row.what} | {row.ours} | {row.yardstick} | {row.ratio} | {_verdict(row)} |"
            for row in self.rows
        ]
        return "\n".join([f"### {self.title}", "", head, "|---|---:|---:|---:|---:|---|", *lines])


def row(
    what: str, ours: Sequence[float], yardstick: Sequence[float], bar: Bar | None = None
) -> Row:
    """Return the row of two that took turns; of a round without a pair there is no ratio."""
    ratios = [mine / other for mine, other in zip(ours, yardstick, strict=True)]
    return Row(
        what=what, ours=spread(ours), yardstick=spread(yardstick), ratio=spread(ratios), bar=bar
    )


def missed(tables: Iterable[Table]) -> list[str]:
    """Return what does not reach its bar."""
    return [
        f"{table.title}: {row.what}"
        for table in tables
        for row in table.rows
        if row.bar and not row.bar.is_met(row.ratio.median)
    ]


def _verdict(row: Row) -> str:
    if row.bar is None:
        return " | "
    return f"{row.bar} | {'met' if row.bar.is_met(row.ratio.median) else 'missed'}"
