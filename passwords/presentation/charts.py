"""The dashboard's charts: the numbers for the SVG, and a table with the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from passwords.history.statistics import BUCKET_BITS, LAST_BUCKET_BITS, Figures
from passwords.models import Channel
from passwords.numbers import whole_number

# In units of the drawing, which the page stretches to the available width.
_HEIGHT: Final = 100
_STEP: Final = 10
_BAR: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A rectangle, coloured by the number of its series."""

    series: int
    x: int
    y: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of one or more segments, with its title."""

    title: str
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of vertical bars.

    Attributes:
        name: unique on the page.
        series: what each colour means; empty for a single series.
        top: the value at the upper edge.
        first: the label of the first bar.
        last: the label of the last bar.
        head: the names of the table's columns.
        rows: the table.
    """

    name: str
    title: str
    summary: str
    series: Sequence[str]
    width: int
    top: str
    first: str
    last: str
    bars: Sequence[Bar]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    bar_width: int = _BAR
    height: int = _HEIGHT


def days_chart(figures: Figures) -> Chart:
    """Return the requests of each day by channel."""
    channels = [Channel(value) for value in Channel.values]
    values = [[counts[channel.value] for channel in channels] for counts in figures.days.values()]
    labels = [date_format(day, "SHORT_DATE_FORMAT") for day in figures.days]
    return _chart(
        name="days",
        title=gettext("Requests per day, by channel"),
        series=[str(channel.label) for channel in channels],
        labels=labels,
        values=values,
        label_head=gettext("Day"),
    )


def entropy_chart(figures: Figures) -> Chart:
    """Return the requests by their entropy."""
    labels = [
        f"≥ {bits}" if bits == LAST_BUCKET_BITS else f"{bits}\N{EN DASH}{bits + BUCKET_BITS - 1}"
        for bits in figures.entropy
    ]
    return _chart(
        name="entropy",
        title=gettext("Requests by entropy, in bits"),
        series=[],
        labels=labels,
        values=[[number] for number in figures.entropy.values()],
        label_head=gettext("Bits"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A row with a horizontal bar.

    Attributes:
        width: the width of the bar, 0 to 100.
    """

    label: str
    text: str
    width: str


def policy_shares(figures: Figures) -> list[Share]:
    """Return the policies used most, each with a bar in proportion to the first."""
    most = max((number for _slug, number in figures.policies), default=1)
    return [
        Share(label=slug, text=whole_number(number), width=f"{100 * number / most:.2f}")
        for slug, number in figures.policies
    ]


def weak_shares(figures: Figures) -> list[Share]:
    """Return, for each kind with a default policy, the share of weaker requests."""
    return [
        Share(
            label=gettext("%(kind)s, below “%(policy)s”")
            % {"kind": weak.policy.get_kind_display(), "policy": str(weak.policy)},
            text=gettext("%(percent)s %% (%(weaker)s of %(requests)s)")
            % {
                "percent": number_format(weak.percent, 1),
                "weaker": whole_number(weak.weaker),
                "requests": whole_number(weak.requests),
            },
            width=f"{weak.percent:.2f}",
        )
        for weak in figures.weak
    ]


def _chart(
    *,
    name: str,
    title: str,
    series: Sequence[str],
    labels: Sequence[str],
    values: Sequence[Sequence[int]],
    label_head: str,
) -> Chart:
    top = max(map(sum, values), default=0)
    total = gettext("Total")
    rows = [
        [
            label,
            *(whole_number(number) for number in row),
            *([whole_number(sum(row))] if series else []),
        ]
        for label, row in zip(labels, values, strict=True)
    ]
    summary = gettext("%(total)s requests in total; at most %(top)s in one bar, “%(label)s”.") % {
        "total": whole_number(sum(map(sum, values))),
        "top": whole_number(top),
        "label": labels[[sum(row) for row in values].index(top)],
    }
    return Chart(
        name=name,
        title=title,
        summary=summary,
        series=series,
        width=len(labels) * _STEP,
        top=whole_number(top),
        first=labels[0],
        last=labels[-1],
        bars=[
            Bar(
                title=f"{label}: {whole_number(sum(row))}", segments=_segments(place, row, top or 1)
            )
            for place, (label, row) in enumerate(zip(labels, values, strict=True))
        ],
        head=[label_head, *(series or [gettext("Requests")]), *([total] if series else [])],
        rows=rows,
    )


def _segments(place: int, values: Sequence[int], top: int) -> list[Segment]:
    segments = []
    below = 0.0
    for series, value in enumerate(values):
        height = _HEIGHT * value / top
        below += height
        if value:
            segments.append(
                Segment(
                    series=series,
                    x=place * _STEP + (_STEP - _BAR) // 2,
                    y=f"{_HEIGHT - below:.3f}",
                    height=f"{height:.3f}",
                )
            )
    return segments
