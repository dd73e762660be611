"""The history in the admin: to read, for those who may, and for nobody to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from passwords.models import Generation

if TYPE_CHECKING:
    from django.http import HttpRequest

    GenerationModelAdmin = admin.ModelAdmin[Generation]
else:  # the class takes no parameter at run time
    GenerationModelAdmin = admin.ModelAdmin


@admin.register(Generation)
class GenerationAdmin(GenerationModelAdmin):
    """The history: everybody with the permission may read it, nobody may change it."""

    list_display = ("created_at", "surface", "kind", "policy_slug", "count", "size", "bits", "who")
    list_filter = ("surface", "kind", "policy_slug")
    search_fields = ("user_name",)
    date_hierarchy = "created_at"
    show_full_result_count = False

    @admin.display(description="bits", ordering="entropy_bits")
    def bits(self, row: Generation) -> str:
        """Return the entropy to two places."""
        return f"{row.entropy_bits:.2f}"

    @admin.display(description="who", ordering="user_name")
    def who(self, row: Generation) -> str:
        """Return the user's name, or the first digits of an anonymous owner's hash."""
        return row.user_name or row.owner_hash[:8]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # nobody's
        """Refuse: the history is written by generating."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Generation | None = None) -> bool:  # noqa: ARG002
        """Refuse: the history is what happened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Generation | None = None) -> bool:  # noqa: ARG002
        """Refuse: only retention prunes the history."""
        return False
