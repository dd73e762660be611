"""Lists of a million rows in the admin: nothing is counted to its end, and days are reckoned."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest

    AnyPaginator = Paginator[Any]
else:  # the class takes no parameter at run time
    AnyPaginator = Paginator

ROWS_LISTED: Final = 2000
"""So many rows can be paged through; older ones are found by day, by a filter, by a search."""


_MANY_ROWS: Final = 20_000


class CappedPaginator(AnyPaginator):
    """Counts up to ``ROWS_LISTED`` rows: the database stops there."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        """The number of rows that can be paged through."""
        return self.object_list.order_by()[:ROWS_LISTED].count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of the way to a day."""

    title: str
    query: str


class LongChangeList(ChangeList):
    """A list that leads to a day by reckoning: Django would look through all rows for their days.

    ``date_hierarchy`` names the field, as ever, and Django itself narrows the rows by it.
    """

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than can be paged through."""
        return self.result_count == ROWS_LISTED

    @property
    def rows_listed(self) -> int:
        """How many rows can be paged through."""
        return ROWS_LISTED

    @cached_property
    def way_back(self) -> list[Link]:
        """The steps that were taken so far, each leading back to before it."""
        steps = []
        for number, name in enumerate(("year", "month", "day")):
            if name in self._chosen:
                kept = dict(list(self._chosen.items())[:number])
                steps.append(Link(title=self._title(number), query=self._query(kept)))
        return steps

    @cached_property
    def way_on(self) -> list[Link]:
        """The years, months or days to choose from next."""
        bounds = self._bounds()
        if bounds is None or "day" in self._chosen:
            return []
        return list(self._choices(*bounds))

    @cached_property
    def _chosen(self) -> dict[str, int]:
        chosen: dict[str, int] = {}
        for name in ("year", "month", "day"):
            value = self.params.get(f"{self.date_hierarchy}__{name}", "")
            if not value.isdecimal():
                break
            chosen[name] = int(value)
        return chosen

    def _bounds(self) -> tuple[date, date] | None:
        """Return the first and the last day of all rows: both lie at the ends of an index."""
        field = str(self.date_hierarchy)
        moments = self.root_queryset.values_list(field, flat=True)
        first = moments.order_by(field).first()
        last = moments.order_by(f"-{field}").first()
        if first is None or last is None:
            return None
        return timezone.localtime(first).date(), timezone.localtime(last).date()

    def _choices(self, first: date, last: date) -> Iterator[Link]:
        year, month = self._chosen.get("year"), self._chosen.get("month")
        if year is None:
            for number in range(first.year, last.year + 1):
                yield Link(title=str(number), query=self._query({"year": number}))
        elif month is None:
            for number in range(1, 13):
                if first.replace(day=1) <= date(year, number, 1) <= last:
                    title = date_format(date(year, number, 1), "F")
                    yield Link(title=title, query=self._query({"year": year, "month": number}))
        else:
            for number in range(1, calendar.monthrange(year, month)[1] + 1):
                if first <= date(year, month, number) <= last:
                    query = self._query({"year": year, "month": month, "day": number})
                    yield Link(title=str(number), query=query)

    def _title(self, step: int) -> str:
        if step == 0:
            return gettext("All days")
        day = date(self._chosen["year"], self._chosen.get("month", 1) if step > 1 else 1, 1)
        return date_format(day, "Y" if step == 1 else "YEAR_MONTH_FORMAT")

    def _query(self, chosen: dict[str, int]) -> str:
        field = f"{self.date_hierarchy}__"
        added = {f"{field}{name}": number for name, number in chosen.items()}
        return self.get_query_string(added, remove=[field])


class UserFilter(admin.SimpleListFilter):
    """Narrows a list by the name of who did it; deleted users are found by the search."""

    parameter_name = "who"
    most_names: Final = 50
    nobody: Final = "-"
    field: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.title = gettext("user")
        super().__init__(*args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's signature
        """Offer nobody, and every user, up to a number."""
        names = _usernames()[: self.most_names]
        return [(self.nobody, gettext("anonymous")), *((name, name) for name in names)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002  # Django's signature
        """Narrow *queryset*, so that the index on the names is of use."""
        name = self.value()
        if name is None:
            return queryset
        if name == self.nobody:
            return queryset.filter(**{self.field: ""})
        return named(queryset, self.field, [name])


def search_by_name(queryset: QuerySet[Any], field: str, term: str) -> QuerySet[Any]:
    """Return the rows of users whose name holds *term*, or is *term* if they are gone.

    Looking for the names among the users, who are few, spares looking through all rows.
    """
    names = list(_usernames().filter(username__icontains=term)[: UserFilter.most_names])
    return named(queryset, field, [*names, term])


def named(queryset: QuerySet[Any], field: str, names: list[str]) -> QuerySet[Any]:
    """Return the rows with one of *names*; only rows that have a name are in the index.

    The index has them name by name. Of several names with many rows, the newest are found sooner
    by going back in time through all rows; the condition that leads to the index is left out then.
    """
    if len(names) == 1:
        return queryset.filter(**{field: names[0], f"{field}__gt": ""})
    through_index = queryset.filter(**{f"{field}__in": names, f"{field}__gt": ""})
    are_many = through_index.order_by()[:_MANY_ROWS].count() == _MANY_ROWS
    return queryset.filter(**{f"{field}__in": names}) if are_many else through_index


def _usernames() -> QuerySet[Any, str]:
    from django.contrib.auth import get_user_model  # noqa: PLC0415  # needs the app registry

    return get_user_model().objects.order_by("username").values_list("username", flat=True)
