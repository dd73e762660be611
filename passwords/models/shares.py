"""One-time links: the sealed text while a link is live, and the receipt afterwards."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from passwords.models.attributed_row import AttributedRow


class ShareState(models.TextChoices):
    """The states of a link. All but the first are final, and have no payload."""

    LIVE = "live", _("waiting")
    OPENED = "opened", _("opened")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    LOCKED = "locked", _("locked")


class Share(AttributedRow):
    """A link. The server has neither its key nor its passphrase, so it cannot read the payload."""

    # 128 random bits: the address of the link for its sender. It says nothing about `link_id`.
    receipt = models.CharField(_("receipt"), max_length=32, unique=True)
    # Derived from the key of the link.
    link_id = models.CharField(max_length=32, unique=True)
    # The SHA-256 of the proof that opens the link.
    verifier = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=ShareState, default=ShareState.LIVE)
    has_passphrase = models.BooleanField(_("passphrase"))
    views_left = models.PositiveSmallIntegerField(_("views left"))
    attempts = models.PositiveSmallIntegerField(_("wrong attempts"), default=0)
    created_at = models.DateTimeField(_("when"))  # without an index of its own
    expires_at = models.DateTimeField(_("expires"))
    opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    owner_hash = models.CharField(_("anonymous owner"), max_length=32, blank=True)
    size = models.PositiveIntegerField(_("bytes"))
    # The sealed text, encrypted once more; NULL as soon as the link is not live. The last column:
    # SQLite reads the columns before it without reading it.
    payload = models.BinaryField(null=True)

    class Meta(AttributedRow.Meta):
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        default_permissions = ("view", "change")
        indexes: ClassVar = [
            # Has all that the limits in all need: they are checked for each new link.
            models.Index(fields=["state", "expires_at", "size"], name="share_state"),
            models.Index(fields=["ended_at"], name="share_ended"),
            models.Index(fields=["user", "created_at"], name="share_user"),
            models.Index(fields=["owner_hash", "created_at"], name="share_owner"),
        ]

    def __str__(self) -> str:
        return self.receipt

    def end(self, state: ShareState, now: datetime) -> tuple[str, ...]:
        """Set a final state and drop the payload; return the fields that the caller must save."""
        self.state = state
        self.ended_at = now
        self.payload = None
        return ("state", "ended_at", "payload")
