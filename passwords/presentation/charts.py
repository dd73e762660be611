"""The dashboard's charts: the numbers for the SVG, and a table with the same numbers.

Positions and sizes are percentages of the drawing. So text is not stretched with it, and no style
is needed. Bars and rows lead to the list of the requests that they count.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from urllib.parse import urlencode

from django.utils.formats import date_format, number_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext

from passwords.domain.guessing import Strength
from passwords.history.statistics import BUCKET_BITS, LAST_BUCKET_BITS, Figures
from passwords.models import Channel
from passwords.numbers import whole_number
from passwords.presentation.labels import kind_label
from passwords.presentation.strength import strength_label

_MOST_STEPS: Final = 4
_ROUND_STEPS: Final = (1, 2, 5, 10)
_BAR_SHARE: Final = 0.8
_DAYS_PER_MARK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A labelled place on an axis: ``at`` is a percentage, from the left or from the top."""

    text: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A rectangle, coloured by the number of its series."""

    series: int
    y: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of one or more segments, with its title and the list of its requests.

    Attributes:
        slot: the left edge of the place for the bar.
        x: the left edge of the bar.
    """

    title: str
    url: str
    slot: str
    x: str
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table."""

    label: str
    url: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of vertical bars.

    Attributes:
        name: unique on the page.
        series: what each colour means; empty for a single series.
        palette: the CSS class of the colours, without the number of the series.
        ticks: the values at the lines across the chart.
        marks: the labels below the bars.
        head: the names of the table's columns.
    """

    name: str
    title: str
    summary: str
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    marks: Sequence[Tick]
    bar_width: str
    slot_width: str
    head: Sequence[str]
    rows: Sequence[Row]
    series: Sequence[str] = ()
    palette: str = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """A row with a horizontal bar; ``width`` is that of the bar, 0 to 100."""

    label: str
    url: str
    text: str
    width: str


class Charts:
    """The charts and shares of *figures*; *history_url* is the list of requests."""

    def __init__(self, figures: Figures, history_url: str) -> None:
        self._figures = figures
        self._history_url = history_url

    def charts(self) -> list[Chart]:
        """Return the charts."""
        return [self.channels(), self.strengths(), self.weak_days(), self.entropy()]

    def channels(self) -> Chart:
        """Return the requests of each day by channel."""
        channels = [Channel(value) for value in Channel.values]
        return self._stacked(
            name="days",
            title=gettext("Requests per day, by channel"),
            series=[str(channel.label) for channel in channels],
            values=[
                [counts[channel] for channel in channels] for counts in self._figures.days.values()
            ],
        )

    def strengths(self) -> Chart:
        """Return the requests of each day by strength."""
        values = [
            [counts[level] for level in Strength] for counts in self._figures.strengths.values()
        ]
        return self._stacked(
            name="strengths",
            title=gettext("Strength per day, without PINs"),
            series=[str(strength_label(level)) for level in Strength],
            values=values,
            palette="level",
        )

    def weak_days(self) -> Chart:
        """Return the share of each day that is weaker than the default policies."""
        shares = list(self._figures.weak_days.values())
        percents = [share.percent for share in shares]
        most = max(percents)
        return _chart(
            name="weak-days",
            title=gettext("Weaker than the default policy, per day"),
            summary=gettext("At most %(share)s of a day's requests, on %(day)s.")
            % {"share": _percent(most), "day": self._labels[percents.index(most)]},
            labels=self._labels,
            urls=self._day_urls,
            values=[[percent] for percent in percents],
            marks=self._day_marks(),
            text=_percent,
            tick_text=lambda percent: _percent(percent, places=0),
            head=[gettext("Day"), gettext("Share"), gettext("Weaker"), gettext("Requests")],
            cells=[
                [_percent(share.percent), whole_number(share.weaker), whole_number(share.requests)]
                for share in shares
            ],
        )

    def entropy(self) -> Chart:
        """Return the requests by their entropy."""
        buckets = self._figures.entropy
        labels = [bucket_text(bits) for bits in buckets]
        values = [[number] for number in buckets.values()]
        return _chart(
            name="entropy",
            title=gettext("Requests by entropy, in bits"),
            summary=_summary(labels, values),
            labels=labels,
            urls=[self._url(bits=bits) for bits in buckets],
            values=values,
            marks=[
                Tick(text=str(bits), at=_text(100 * place / len(buckets)))
                for place, bits in enumerate(buckets)
            ],
            head=[gettext("Bits"), gettext("Requests")],
            cells=[[whole_number(number)] for number in buckets.values()],
        )

    def kind_shares(self) -> list[ShareRow]:
        """Return the kinds of secret, each with a bar in proportion to the first."""
        return self._shares(
            (kind_label(kind), self._url(kind__exact=kind), number)
            for kind, number in self._figures.kinds
        )

    def policy_shares(self) -> list[ShareRow]:
        """Return the policies used most, each with a bar in proportion to the first."""
        names = self._figures.policy_names
        return self._shares(
            (names.get(slug, slug), self._url(policy=slug), number)
            for slug, number in self._figures.policies
        )

    def weak_shares(self) -> list[ShareRow]:
        """Return, for each kind with a default policy, the share of weaker requests."""
        return [
            ShareRow(
                label=gettext("%(kind)s, below “%(policy)s”")
                % {"kind": kind_label(weak.kind), "policy": weak.policy},
                url=self._url(kind__exact=weak.kind),
                text=gettext("%(share)s (%(weaker)s of %(requests)s)")
                % {
                    "share": _percent(weak.percent),
                    "weaker": whole_number(weak.weaker),
                    "requests": whole_number(weak.requests),
                },
                width=_text(weak.percent),
            )
            for weak in self._figures.weak
        ]

    @property
    def _labels(self) -> list[str]:
        return [date_format(day, "SHORT_DATE_FORMAT") for day in self._figures.days]

    @property
    def _day_urls(self) -> list[str]:
        parts = ("year", "month", "day")
        return [
            self._list_url({f"created_at__{part}": getattr(day, part) for part in parts})
            for day in self._figures.days
        ]

    def _day_marks(self) -> list[Tick]:
        """Return the labels of one day a week, back from the last."""
        days = list(self._figures.days)
        short = gettext("M j")  # a format of Django's filter `date`, without the year
        return [
            Tick(text=date_format(day, short), at=_text(100 * (place + 0.5) / len(days)))
            for place, day in enumerate(days)
            if (len(days) - 1 - place) % _DAYS_PER_MARK == 0
        ]

    def _url(self, **query: object) -> str:
        """Return the list of the requests of these days for *query*."""
        day = next(iter(self._figures.days))
        first = datetime.combine(day, time.min, tzinfo=get_current_timezone())
        return self._list_url({**query, "created_at__gte": first})

    def _list_url(self, query: dict[str, object]) -> str:
        return f"{self._history_url}?{urlencode(query)}"

    def _stacked(
        self,
        *,
        name: str,
        title: str,
        series: Sequence[str],
        values: Sequence[Sequence[int]],
        palette: str = "series",
    ) -> Chart:
        return _chart(
            name=name,
            title=title,
            summary=_summary(self._labels, values),
            labels=self._labels,
            urls=self._day_urls,
            values=values,
            marks=self._day_marks(),
            head=[gettext("Day"), *series, gettext("Total")],
            cells=[[*map(whole_number, row), whole_number(sum(row))] for row in values],
            series=series,
            palette=palette,
        )

    def _shares(self, counted: Iterable[tuple[str, str, int]]) -> list[ShareRow]:
        rows = list(counted)
        most = max((number for _label, _url, number in rows), default=1)
        return [
            ShareRow(
                label=label, url=url, text=whole_number(number), width=_text(100 * number / most)
            )
            for label, url, number in rows
        ]


def bucket_text(bits: int) -> str:
    """Return the range of entropies, in whole bits, that starts at *bits*."""
    if bits == LAST_BUCKET_BITS:
        return f"≥ {bits}"
    return f"{bits}\N{EN DASH}{bits + BUCKET_BITS - 1}"


def _whole(value: float) -> str:
    return whole_number(int(value))


def _chart(
    *,
    name: str,
    title: str,
    summary: str,
    labels: Sequence[str],
    urls: Sequence[str],
    values: Sequence[Sequence[float]],
    marks: Sequence[Tick],
    head: Sequence[str],
    cells: Sequence[Sequence[str]],
    series: Sequence[str] = (),
    palette: str = "series",
    text: Callable[[float], str] = _whole,
    tick_text: Callable[[int], str] = whole_number,
) -> Chart:
    slot = 100 / len(values)
    steps = _steps(max(map(sum, values)))
    top = steps[-1]
    return Chart(
        name=name,
        title=title,
        summary=summary,
        bars=[
            Bar(
                title=f"{label}: {text(sum(row))}",
                url=url,
                slot=_text(place * slot),
                x=_text((place + (1 - _BAR_SHARE) / 2) * slot),
                segments=_segments(row, top),
            )
            for place, (label, url, row) in enumerate(zip(labels, urls, values, strict=True))
        ],
        ticks=[Tick(text=tick_text(step), at=_text(100 - 100 * step / top)) for step in steps],
        marks=marks,
        bar_width=_text(_BAR_SHARE * slot),
        slot_width=_text(slot),
        head=head,
        rows=[
            Row(label=label, url=url, cells=row)
            for label, url, row in zip(labels, urls, cells, strict=True)
        ],
        series=series,
        palette=palette,
    )


def _steps(highest: float) -> list[int]:
    """Return 0 and round numbers up to at least *highest*, in steps of the same size."""
    least = max(highest / _MOST_STEPS, 1)
    magnitude = 10 ** math.floor(math.log10(least))
    step = next(magnitude * factor for factor in _ROUND_STEPS if magnitude * factor >= least)
    return [step * number for number in range(max(math.ceil(highest / step), 1) + 1)]


def _segments(values: Sequence[float], top: int) -> list[Segment]:
    segments = []
    below = 0.0
    for series, value in enumerate(values):
        height = 100 * value / top
        below += height
        if value:
            segments.append(Segment(series=series, y=_text(100 - below), height=_text(height)))
    return segments


def _summary(labels: Sequence[str], values: Sequence[Sequence[int]]) -> str:
    sums = [sum(row) for row in values]
    return gettext("%(total)s requests in total; at most %(top)s in one bar, “%(label)s”.") % {
        "total": whole_number(sum(sums)),
        "top": whole_number(max(sums)),
        "label": labels[sums.index(max(sums))],
    }


def _percent(value: float, places: int = 1) -> str:
    return gettext("%(number)s%%") % {"number": number_format(value, places)}


def _text(percentage: float) -> str:
    """Return a percentage as SVG reads it."""
    return f"{percentage:.2f}"
