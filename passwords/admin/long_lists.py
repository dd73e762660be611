"""Lists of millions of rows in the admin: they count no rows and search no days in the table."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyPaginator = Paginator[Any]
else:  # the classes take no parameter at run time
    AnyModelAdmin = admin.ModelAdmin
    AnyPaginator = Paginator

ROWS_LISTED: Final = 2000
"""How many rows can be paged through. For older rows choose a day or a filter, or search."""

_MANY_ROWS: Final = 20_000


class CappedPaginator(AnyPaginator):
    """Counts at most ``ROWS_LISTED`` rows."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        """The number of rows that can be paged through."""
        return self.object_list.order_by()[:ROWS_LISTED].count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to a year, a month or a day."""

    title: str
    query: str


class LongChangeList(ChangeList):
    """A list with links to years, months and days between the first row and the last.

    Django would read all rows to find their days. ``date_hierarchy`` names the field, as in Django,
    and Django filters the rows by it.
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
        """The links back from the chosen year, month and day."""
        steps = []
        for number, name in enumerate(("year", "month", "day")):
            if name in self._chosen:
                kept = dict(list(self._chosen.items())[:number])
                steps.append(Link(title=self._title(number), query=self._query(kept)))
        return steps

    @cached_property
    def way_on(self) -> list[Link]:
        """The links to the years, months or days to choose next."""
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
        """Return the first and the last day of all rows, which an index finds at once."""
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
    """Filters a list by ``user_name``. The search finds deleted users."""

    parameter_name = "who"
    most_names: Final = 50
    nobody: Final = "-"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.title = gettext("user")
        super().__init__(*args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's signature
        """Offer anonymous requests and up to ``most_names`` users."""
        names = _usernames()[: self.most_names]
        return [(self.nobody, gettext("anonymous")), *((name, name) for name in names)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002  # Django's signature
        """Filter *queryset* so that it uses the index on the names."""
        name = self.value()
        if name is None:
            return queryset
        if name == self.nobody:
            return queryset.filter(user_name="")
        return _named(queryset, [name])


def search_by_name(queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Return the rows of users whose name contains *term*, or is *term* if they were deleted.

    Searching the users, who are few, is faster than searching all rows.
    """
    names = list(_usernames().filter(username__icontains=term)[: UserFilter.most_names])
    return _named(queryset, [*names, term])


def _named(queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
    """Return the rows with one of *names*.

    The partial index holds the rows with a name, name by name: ``user_name__gt=""`` makes the
    database use it. For several names with many rows, reading all rows from the newest is faster.
    """
    if len(names) == 1:
        return queryset.filter(user_name=names[0], user_name__gt="")
    through_index = queryset.filter(user_name__in=names, user_name__gt="")
    are_many = through_index.order_by()[:_MANY_ROWS].count() == _MANY_ROWS
    return queryset.filter(user_name__in=names) if are_many else through_index


def _usernames() -> QuerySet[Any, str]:
    from django.contrib.auth import get_user_model  # noqa: PLC0415  # needs the app registry

    return get_user_model().objects.order_by("username").values_list("username", flat=True)


class ReadOnlyLongListAdmin(AnyModelAdmin):
    """A long list that nobody may change, newest first, with the user's name in ``user_name``."""

    change_form_template = "admin/passwords/row.html"
    search_fields = ("user_name",)
    # Sorting by another column would read all rows.
    sortable_by = ("when",)
    date_hierarchy = "created_at"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0

    @admin.display(description=_("when"), ordering="created_at")
    def when(self, row: Any) -> str:
        """Return the time in its short form, which leaves room for the other columns."""
        return date_format(timezone.localtime(row.created_at), "SHORT_DATETIME_FORMAT")

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[LongChangeList]:  # noqa: ARG002  # Django's signature
        """Return the list that never counts all rows."""
        return LongChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the names of the users first."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        return search_by_name(queryset, search_term), False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Refuse: only the app adds rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Refuse: rows are immutable."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Refuse: only retention deletes rows."""
        return False
