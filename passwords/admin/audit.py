"""What is done in the admin goes into the audit; and the audit itself, to read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from passwords import audit
from passwords.accounts import second_factor
from passwords.admin.long_lists import CappedPaginator, LongChangeList, UserFilter, search_by_name
from passwords.client_address import client_address
from passwords.models import Action, AuditEntry

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    AuditModelAdmin = admin.ModelAdmin[AuditEntry]
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # the class takes no parameter at run time
    AuditModelAdmin = admin.ModelAdmin
    AnyModelAdmin = object


def record(request: HttpRequest, action: Action, **what: Any) -> None:
    """Record what the signed-in user does with this request."""
    audit.record(
        action,
        user_id=request.user.pk,
        user_name=request.user.get_username(),
        client_address=client_address(request),
        **what,
    )


class AuditedMixin(AnyModelAdmin):
    """Records what is added, changed and deleted; never a value, which may be a password's hash."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Record an addition."""
        record(request, Action.ACCOUNT_ADDED, target=_named(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Record a change, and of which fields."""
        details = {"message": message} if isinstance(message, list) else {}
        record(request, Action.ACCOUNT_CHANGED, target=_named(obj), details=details)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[LogEntry]:
        """Record each deletion."""
        for obj in queryset:
            record(request, Action.ACCOUNT_DELETED, target=_named(obj))
        return super().log_deletions(request, queryset)


# Devices hold keys, which are nobody's to see: `AuditedUserAdmin` removes them unseen.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


@admin.register(User)
class AuditedUserAdmin(AuditedMixin, UserAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Users, as Django has them; what is done to them is in the audit."""

    actions = ("remove_second_factor",)

    @admin.action(description=_("Remove the second factor"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Help those who lost their phone and their paper."""
        for user in queryset:
            if second_factor.remove(user):
                record(request, Action.SECOND_FACTOR_REMOVED, target=_named(user))


@admin.register(Group)
class AuditedGroupAdmin(AuditedMixin, GroupAdmin):
    """Groups, as Django has them; what is done to them is in the audit."""


class WhoFilter(UserFilter):
    """Narrows the audit by who did it."""

    field = "user_name"


@admin.register(AuditEntry)
class AuditEntryAdmin(AuditModelAdmin):
    """Who did what: to read, for those who may, and for nobody to change."""

    list_display = ("created_at", "who", "action", "target", "channel", "more")
    list_filter = (("created_at", admin.DateFieldListFilter), "action", WhoFilter)
    search_fields = ("user_name",)
    sortable_by = ("created_at",)
    date_hierarchy = "created_at"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0

    @admin.display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        """Return the user's name."""
        return entry.user_name or "-"

    @admin.display(description=_("details"))
    def more(self, entry: AuditEntry) -> str:
        """Return the details in one line."""
        return json.dumps(entry.details, ensure_ascii=False)[1:-1]

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

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # nobody's
        """Refuse: the audit is written by doing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        """Refuse: the audit is what happened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        """Refuse: only retention prunes the audit."""
        return False


def _named(obj: Model) -> str:
    return f"{obj._meta.verbose_name} {obj}"  # noqa: SLF001  # public
