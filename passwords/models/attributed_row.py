"""The columns that the history, the audit and one-time links share."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AttributedRow(models.Model):
    """A row that says who made it and when. It stays as it is when its user is deleted.

    The rows of the history and of the audit are sealed: a change would break the seal. So the
    foreign key has no constraint and no effect on deletion, and the row keeps the user's name.
    A seal depends on the order of these columns.
    """

    created_at = models.DateTimeField(_("when"), db_index=True)
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
    user_name = models.CharField(_("user name"), max_length=150, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-created_at", "-pk"]
