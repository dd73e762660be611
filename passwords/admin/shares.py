"""One-time links in the admin: when each was opened, and a way to revoke it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from passwords import owners, sharing
from passwords.admin.long_lists import ReadOnlyLongListAdmin, UserFilter
from passwords.models import Channel, Share


@admin.register(Share)
class ShareAdmin(ReadOnlyLongListAdmin):
    """The links of all owners. Nobody sees a key, a passphrase or a text: the server has none."""

    list_display = ("when", "who", "state_now", "ends", "last_opened", "views_left", "attempts")
    list_filter = ("state", UserFilter)
    fields = (
        *("receipt", "state_now", "created_at", "who", "expires_at", "opened_at", "ended_at"),
        *("views_left", "attempts", "has_passphrase", "size"),
    )
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Share]:
        """Return the links without their sealed texts."""
        return super().get_queryset(request).defer("payload")

    @admin.display(description=_("who"))
    def who(self, share: Share) -> str:
        """Return the user's name, or the start of the anonymous owner's hash."""
        return sharing.receipt_of(share).owner_name or "-"

    @admin.display(description=_("state"))
    def state_now(self, share: Share) -> str:
        """Return the state: expired from the moment on, not only when it was pruned."""
        return str(sharing.receipt_of(share).state.label)

    @admin.display(description=_("expires"))
    def ends(self, share: Share) -> str:
        """Return the end in its short form."""
        return date_format(timezone.localtime(share.expires_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("last opened"))
    def last_opened(self, share: Share) -> str:
        """Return the last opening in its short form."""
        if share.opened_at is None:
            return "-"
        return date_format(timezone.localtime(share.opened_at), "SHORT_DATETIME_FORMAT")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may revoke links of others."""
        return request.user.has_perm("passwords.change_share")

    @admin.action(description=_("Revoke the chosen links"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Share]) -> None:
        """End links at once; those that have ended stay as they are."""
        operator = owners.signed_in_owner(request)
        receipts = [share.receipt for share in queryset]
        for receipt in receipts:
            sharing.revoke_as_operator(operator=operator, receipt=receipt, channel=Channel.ADMIN)
        message = ngettext(
            "%(count)d link can no longer be opened.",
            "%(count)d links can no longer be opened.",
            len(receipts),
        )
        self.message_user(request, message % {"count": len(receipts)}, messages.SUCCESS)
