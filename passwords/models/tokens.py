"""API tokens: who may do what with the API, and until when. The token itself is not stored."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenState(models.TextChoices):
    """The states of a token; only a valid one is accepted."""

    VALID = "valid", _("valid")
    REVOKED = "revoked", _("revoked")
    EXPIRED = "expired", _("expired")
    INACTIVE = "inactive", _("user not active")


class ApiToken(models.Model):
    """A token of a user. It is found by its SHA-256, which does not lead back to it."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    # Written at most once an hour.
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_four = models.CharField(_("last characters"), max_length=4)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def state(self, now: datetime) -> TokenState:
        """Return the state at *now*."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        if self.expires_at <= now:
            return TokenState.EXPIRED
        return TokenState.VALID if self.user.is_active else TokenState.INACTIVE
