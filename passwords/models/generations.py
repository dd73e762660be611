"""The history of requests, which never holds a secret, and its daily totals."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from passwords.models.attributed_row import AttributedRow
from passwords.models.choices import Channel, Kind
from passwords.models.policies import Policy


class Generation(AttributedRow):
    """One request: time, user, channel and strength. Never a secret, nor a part of one."""

    # A keyed hash of the anonymous owner's id: it groups requests and identifies nobody.
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
    # Kept when the policy is changed or deleted.
    policy_slug = models.SlugField(_("policy"), blank=True, db_index=False)
    policy_version = models.PositiveIntegerField(_("policy version"), null=True, blank=True)
    count = models.PositiveIntegerField(_("count"))
    size = models.PositiveIntegerField(
        _("size"), help_text=_("Characters, words, digits or bytes.")
    )
    entropy_bits = models.FloatField(_("entropy (bits)"))
    client_address = models.GenericIPAddressField(_("client address"), null=True, blank=True)
    # Unique, so that a draft is kept once.
    draft_id = models.UUIDField(_("draft"), null=True, editable=False)

    class Meta(AttributedRow.Meta):
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        # One index for each filter of the admin's list. Most rows have neither a policy nor a user:
        # those indexes leave such rows out, which makes adding a row faster.
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
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft_id"],
                condition=models.Q(draft_id__isnull=False),
                name="one_row_a_draft",
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M:%S} {self.get_kind_display()}: {self.count}"


class DailyTotal(models.Model):
    """The sums of a day of the history: the dashboard reads them instead of a million rows."""

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
    """The key of the last history row in the daily totals; the table has one row."""

    last_pk = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.last_pk)
