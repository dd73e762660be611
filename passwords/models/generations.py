"""The history of what was asked for. It never holds a secret."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from passwords.models.choices import Channel, Kind
from passwords.models.policies import Policy


class Generation(models.Model):
    """One request: when, by whom, where, how strong. Never a secret, nor a part of one."""

    created_at = models.DateTimeField(_("when"), db_index=True)
    # No constraint, and nothing on delete: rows are immutable, a change would break the seal.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    # The name outlives the user.
    user_name = models.CharField(_("user name"), max_length=150, blank=True)
    # A keyed hash of the anonymous owner's id: it groups requests and leads back to nobody.
    owner_hash = models.CharField(_("anonymous owner"), max_length=32, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, db_column="surface")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    policy = models.ForeignKey(
        Policy,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    # The policy's name and version outlive the policy.
    policy_slug = models.SlugField(_("policy"), blank=True, db_index=False)
    policy_version = models.PositiveIntegerField(_("policy version"), null=True, blank=True)
    count = models.PositiveIntegerField(_("count"))
    size = models.PositiveIntegerField(
        _("size"), help_text=_("Characters, words, digits or bytes.")
    )
    entropy_bits = models.FloatField(_("entropy (bits)"))
    client_address = models.GenericIPAddressField(_("client address"), null=True, blank=True)

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        ordering: ClassVar = ["-created_at", "-pk"]
        # Each filter of the admin's list goes through its own index to the newest rows. Most rows
        # have neither a policy nor a user: the indexes leave those out, for the sake of writing.
        indexes: ClassVar = [
            models.Index(fields=["channel", "created_at"], name="generation_surface"),
            models.Index(fields=["kind", "created_at"], name="generation_kind"),
            models.Index(
                fields=["policy_slug", "created_at"],
                condition=models.Q(policy_slug__gt=""),
                name="generation_policy",
            ),
            models.Index(
                fields=["user_name", "created_at"],
                condition=models.Q(user_name__gt=""),
                name="generation_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M:%S} {self.kind}: {self.count}"


class DailyTotal(models.Model):
    """The history of a day in sums, so that a dashboard need not read a million rows."""

    day = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel, db_column="surface")
    kind = models.CharField(max_length=16, choices=Kind)
    policy_slug = models.SlugField(blank=True, db_index=False)
    bits = models.PositiveIntegerField(help_text="Entropy, rounded down.")
    requests = models.PositiveBigIntegerField()
    secrets = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "channel", "kind", "policy_slug", "bits"], name="one_daily_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.kind}: {self.requests}"


class SummedHistory(models.Model):
    """One row: the key of the last row of the history that is in the daily totals."""

    last_pk = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.last_pk)
