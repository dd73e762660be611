"""The history in the admin: to read, for those who may, and for nobody to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from passwords.admin.audit import record
from passwords.admin.long_lists import CappedPaginator, LongChangeList, UserFilter, search_by_name
from passwords.admin.rounding import rounded_down
from passwords.formats import as_csv
from passwords.history import queries as history_queries
from passwords.history.export import EXPORT_FIELDS, export_batches
from passwords.models import Action, Generation
from passwords.policies import queries as policy_queries

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern

    GenerationModelAdmin = admin.ModelAdmin[Generation]
else:  # the class takes no parameter at run time
    GenerationModelAdmin = admin.ModelAdmin


class WhoFilter(UserFilter):
    """Narrows the history by who asked."""

    field = "user_name"


class PolicyFilter(admin.SimpleListFilter):
    """Narrows the history by policy, deleted ones too: policies are few, and know their past."""

    title = _("policy")
    parameter_name = "policy"
    none = "-"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's signature
        """Offer every policy that there is or was."""
        return [(self.none, "-"), *((slug, slug) for slug in policy_queries.policy_slugs())]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature
        queryset: QuerySet[Generation],
    ) -> QuerySet[Generation]:
        """Narrow *queryset*, so that the index on the slugs is of use."""
        slug = self.value()
        if slug is None:
            return queryset
        if slug == self.none:
            return queryset.filter(policy_slug="")
        return queryset.filter(policy_slug=slug, policy_slug__gt="")


@admin.register(Generation)
class GenerationAdmin(GenerationModelAdmin):
    """The history: everybody with the permission may read it, nobody may change it."""

    list_display = ("created_at", "channel", "kind", "policy_slug", "count", "size", "bits", "who")
    list_filter = (
        ("created_at", admin.DateFieldListFilter),
        "channel",
        "kind",
        PolicyFilter,
        WhoFilter,
    )
    search_fields = ("user_name",)
    # Every other order would have to look at all rows.
    sortable_by = ("created_at",)
    date_hierarchy = "created_at"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0

    @admin.display(description=_("bits"))
    def bits(self, row: Generation) -> str:
        """Return the entropy, rounded down to two places."""
        return rounded_down(row.entropy_bits)

    @admin.display(description=_("who"))
    def who(self, row: Generation) -> str:
        """Return the user's name, or the first digits of an anonymous owner's hash."""
        return row.user_name or row.owner_hash[:8]

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[LongChangeList]:  # noqa: ARG002  # Django's signature
        """Return the list that counts nothing to its end."""
        return LongChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Look for the term among the users first."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        return search_by_name(queryset, "user_name", search_term), False

    def get_urls(self) -> list[URLPattern]:
        """Add the export."""
        export = path(
            "export/",
            self.admin_site.admin_view(self.export_view),
            name="passwords_generation_export",
        )
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the rows that the list shows with the same query, oldest first, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:passwords_generation_changelist") + "?e=1")
        record(request, Action.HISTORY_EXPORTED, target=request.META["QUERY_STRING"])
        batches = export_batches(history_queries.rows(rows), defuse=True)
        return StreamingHttpResponse(
            as_csv(EXPORT_FIELDS, batches),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="history.csv"'},
        )

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # nobody's
        """Refuse: the history is written by generating."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Generation | None = None) -> bool:  # noqa: ARG002
        """Refuse: the history is what happened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Generation | None = None) -> bool:  # noqa: ARG002
        """Refuse: only retention prunes the history."""
        return False
