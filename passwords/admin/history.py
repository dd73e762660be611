"""The history in the admin: read-only, with a CSV export."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from passwords.admin.long_lists import ReadOnlyLongListAdmin, UserFilter
from passwords.admin.site import record
from passwords.history import queries as history_queries
from passwords.history.export import EXPORT_FIELDS, export_batches
from passwords.history.statistics import BUCKET_BITS, BUCKETS, LAST_BUCKET_BITS
from passwords.models import Action, Generation
from passwords.numbers import bits_text, whole_number
from passwords.policies import queries as policy_queries
from passwords.presentation.charts import bucket_text
from passwords.records import as_csv


class PolicyFilter(admin.SimpleListFilter):
    """Filters the history by policy, including deleted policies."""

    title = _("policy")
    parameter_name = "policy"
    none = "-"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's signature
        """Offer every policy that exists or existed."""
        return [(self.none, "-"), *((slug, slug) for slug in policy_queries.policy_slugs())]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature
        queryset: QuerySet[Generation],
    ) -> QuerySet[Generation]:
        """Filter *queryset* so that it uses the index on the slugs."""
        slug = self.value()
        if slug is None:
            return queryset
        if slug == self.none:
            return queryset.filter(policy_slug="")
        return queryset.filter(policy_slug=slug, policy_slug__gt="")


class EntropyFilter(admin.SimpleListFilter):
    """Filters the history by the ranges of entropy on the dashboard."""

    title = _("bits")
    parameter_name = "bits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's signature
        """Offer each range."""
        return [(str(bits), bucket_text(bits)) for bits in BUCKETS]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature
        queryset: QuerySet[Generation],
    ) -> QuerySet[Generation]:
        """Filter *queryset* by the range; there is no index, as it is rarely used."""
        bits = {str(bits): bits for bits in BUCKETS}.get(self.value() or "")
        if bits is None:
            return queryset
        chosen = queryset.filter(entropy_bits__gte=bits)
        if bits == LAST_BUCKET_BITS:
            return chosen
        return chosen.filter(entropy_bits__lt=bits + BUCKET_BITS)


@admin.register(Generation)
class GenerationAdmin(ReadOnlyLongListAdmin):
    """The history of requests."""

    list_display = ("when", "channel", "kind", "policy_slug", "number", "length", "bits", "who")
    list_filter = (
        ("created_at", admin.DateFieldListFilter),
        "channel",
        "kind",
        PolicyFilter,
        EntropyFilter,
        UserFilter,
    )

    fields = (
        *("created_at", "user_name", "owner_hash", "channel", "kind", "policy_slug"),
        *("policy_version", "number", "length", "bits", "client_address"),
    )

    @admin.display(description=_("count"))
    def number(self, row: Generation) -> str:
        """Return how many secrets were drawn."""
        return whole_number(row.count)

    @admin.display(description=_("size"))
    def length(self, row: Generation) -> str:
        """Return the size of each secret."""
        return whole_number(row.size)

    @admin.display(description=_("bits"))
    def bits(self, row: Generation) -> str:
        """Return the entropy."""
        return bits_text(row.entropy_bits)

    @admin.display(description=_("who"))
    def who(self, row: Generation) -> str:
        """Return the user's name, or the first digits of an anonymous owner's hash."""
        return row.user_name or row.owner_hash[:8]

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
