"""Users and groups, whose changes are audited, and the read-only audit."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from passwords.accounts import second_factor
from passwords.admin.long_lists import ReadOnlyLongListAdmin, UserFilter
from passwords.admin.policy_changes import changes_of
from passwords.admin.site import record
from passwords.models import Action, ApiToken, AuditEntry

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # the class takes no parameter at run time
    AnyModelAdmin = object


class AuditedMixin(AnyModelAdmin):
    """Records additions, changes and deletions, but no values: they may be password hashes."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Record an addition."""
        record(request, Action.ACCOUNT_ADDED, target=_named(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Record a change and the changed fields."""
        details = {"message": message} if isinstance(message, list) else {}
        record(request, Action.ACCOUNT_CHANGED, target=_named(obj), details=details)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[LogEntry]:
        """Record each deletion."""
        for obj in queryset:
            record(request, Action.ACCOUNT_DELETED, target=_named(obj))
        return super().log_deletions(request, queryset)


# Devices hold keys, which nobody may see. `AuditedUserAdmin` removes them without showing them.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # takes none at run time
    """Django's form; its own help text has the language of the server's start, and English."""

    usable_password_help_text = format_lazy(  # type: ignore[assignment]  # lazy, as Django's are
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        _("If disabled, the current password for this user will be lost."),
    )


@admin.register(User)
class AuditedUserAdmin(AuditedMixin, UserAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Django's admin of users, with audited changes."""

    actions = ("remove_second_factor",)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let users be deleted together with their API tokens, which nobody deletes alone."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking - {ApiToken._meta.verbose_name}, protected  # noqa: SLF001  # public

    change_password_form = PasswordForm

    @admin.action(description=_("Remove the second factor"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Remove the second factor of users who lost it."""
        for user in queryset:
            if second_factor.remove(user):
                record(request, Action.SECOND_FACTOR_REMOVED, target=_named(user))


@admin.register(Group)
class AuditedGroupAdmin(AuditedMixin, GroupAdmin):
    """Django's admin of groups, with audited changes."""


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyLongListAdmin):
    """The audit: who did what."""

    list_display = ("when", "who", "action", "target", "channel", "more")
    fields = ("created_at", "who", "action", "target", "channel", "client_address", "more")
    list_filter = (("created_at", admin.DateFieldListFilter), "action", UserFilter)

    @admin.display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        """Return the user's name."""
        return entry.user_name or "-"

    @admin.display(description=_("details"))
    def more(self, entry: AuditEntry) -> str:
        """Return the details in one line."""
        details = {**entry.details}
        changes = [
            str(change)
            for field, (old, new) in details.pop("changes", {}).items()
            for change in changes_of(field, old, new)
        ]
        version = details.pop("version", None)
        if version is not None:
            changes.append(f"{capfirst(gettext('version'))}: {version}")
        others = json.dumps(details, ensure_ascii=False)[1:-1]
        return "; ".join([*changes, *([others] if others else [])])


def _named(obj: Model) -> str:
    return f"{obj._meta.verbose_name} {obj}"  # noqa: SLF001  # public
