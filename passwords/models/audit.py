"""The audit, and the seals, which detect changed rows."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from passwords.models.attributed_row import AttributedRow
from passwords.models.choices import Channel


class Action(models.TextChoices):
    """The actions in the audit."""

    SIGNED_IN = "signed-in", _("signed in")
    SIGNED_OUT = "signed-out", _("signed out")
    SIGN_IN_FAILED = "sign-in-failed", _("failed to sign in")
    LOCKED_OUT = "locked-out", _("was locked out")
    SECOND_FACTOR_ADDED = "second-factor-added", _("added a second factor")
    SECOND_FACTOR_REMOVED = "second-factor-removed", _("removed a second factor")
    RECENTS_CLEARED = "recents-cleared", _("cleared recents")
    HISTORY_EXPORTED = "history-exported", _("exported the history")
    HISTORY_PRUNED = "history-pruned", _("pruned the history")
    CHAIN_VERIFIED = "chain-verified", _("verified the chain")
    POLICIES_EXPORTED = "policies-exported", _("exported policies")
    POLICY_ADDED = "policy-added", _("added a policy")
    POLICY_CHANGED = "policy-changed", _("changed a policy")
    POLICY_DELETED = "policy-deleted", _("deleted a policy")
    SHARE_CREATED = "share-created", _("made a one-time link")
    SHARE_REVOKED = "share-revoked", _("revoked a one-time link")
    TOKEN_CREATED = "token-created", _("made an API token")
    TOKEN_REVOKED = "token-revoked", _("revoked an API token")
    ACCOUNT_ADDED = "account-added", _("added an account or group")
    ACCOUNT_CHANGED = "account-changed", _("changed an account or group")
    ACCOUNT_DELETED = "account-deleted", _("deleted an account or group")


class Journal(models.TextChoices):
    """The sealed tables."""

    HISTORY = "history", _("history")
    AUDIT = "audit", _("audit")


class AppendOnlyError(TypeError):
    """Rows of this table can be added, but not changed or deleted."""


class AuditEntry(AttributedRow):
    """One action of a user. It never holds a secret, nor what a user typed as one."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel, db_column="surface")
    action = models.CharField(_("action"), max_length=24, choices=Action)
    target = models.CharField(_("target"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    client_address = models.GenericIPAddressField(_("client address"), null=True, blank=True)

    class Meta(AttributedRow.Meta):
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes: ClassVar = [
            models.Index(fields=["action", "created_at"], name="audit_action"),
            models.Index(
                fields=["user_name", "created_at"],
                condition=models.Q(user_name__gt=""),
                name="audit_user",
            ),
        ]

    def __str__(self) -> str:
        who, action = self.user_name or "-", self.get_action_display()
        return f"{self.created_at:%Y-%m-%d %H:%M:%S} {who} {action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; AppendOnlyError if it is already in the database."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise AppendOnlyError: only pruning deletes rows of the audit."""
        raise AppendOnlyError


class Seal(models.Model):
    """A link of the chain, with the digests of consecutive rows of a journal.

    ``leaves`` has 32 bytes for each row: its key and its time in microseconds (8 bytes each,
    big-endian), and the first half of the SHA-256 of its content. ``digest`` is the SHA-256 of the
    seal and of the digest before it; ``signature`` is an HMAC of ``digest``.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    journal = models.CharField(max_length=8, choices=Journal)
    after_pk = models.BigIntegerField()
    last_pk = models.BigIntegerField()
    leaves = models.BinaryField()
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering: ClassVar = ["sequence"]
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["journal", "sequence"], name="seal_journal")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest}"


class Anchor(models.Model):
    """The beginning of the chain after pruning; it replaces the deleted rows and seals.

    Rows from before ``cutoff`` may be missing. The seals up to ``sequence``, whose digest was
    ``digest``, are deleted with all their rows, up to the keys in ``last_pks``.
    """

    created_at = models.DateTimeField()
    cutoff = models.DateTimeField()
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    last_pks = models.JSONField(default=dict)
    signature = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest}"
