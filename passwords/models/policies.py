"""Policies: named recipes, with their earlier revisions."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from passwords import domain
from passwords.domain import Recipe
from passwords.models.choices import Kind


class Revision(models.Model):
    """An additional column of revisions: the user's name, kept when the user is deleted."""

    history_user_name = models.CharField(_("user name"), max_length=150, blank=True)

    class Meta:
        abstract = True


class Policy(models.Model):
    """A named recipe that users can choose instead of setting each parameter."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parameters = models.JSONField(
        _("recipe parameters"),
        default=dict,
        blank=True,
        help_text=_("The recipe's parameters by name; those left out keep their defaults."),
    )
    active = models.BooleanField(_("active"), default=True)
    default = models.BooleanField(
        _("default"),
        default=False,
        help_text=_(
            "The policy that secrets of its kind are measured against: the dashboard shows the"
            " share of weaker ones. One for each kind."
        ),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    history = HistoricalRecords(
        bases=[Revision],
        verbose_name=_("revision of a policy"),
        verbose_name_plural=_("revisions of policies"),
    )

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering: ClassVar = ["position", "slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(default=True),
                name="one_default_policy_a_kind",
                violation_error_message=_("There is another default policy of this kind."),
            )
        ]

    def __str__(self) -> str:
        """Return the name; a built-in one is translated."""
        return gettext(self.name) if self.name else ""  # gettext("") is the catalogue's header

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; increase the version if the recipe has changed."""
        before = (
            type(self).objects.filter(pk=self.pk).values("kind", "parameters", "version").first()
        )
        if before:
            is_other = (before["kind"], before["parameters"]) != (self.kind, self.parameters)
            # A restored revision has its old version, but versions must only increase.
            self.version = before["version"] + is_other
        super().save(*args, **kwargs)

    def recipe(self) -> Recipe:
        """Return the recipe that the parameters describe.

        Raises:
            RecipeError: the parameters describe none.
        """
        return domain.build(self.kind, self.parameters)

    def clean(self) -> None:
        """Check that the parameters describe a recipe."""
        super().clean()
        if not isinstance(self.parameters, dict):
            raise ValidationError({"parameters": _("Write an object of names and values.")})
        try:
            self.recipe()
        except domain.RecipeError as error:
            message = gettext(error.template) % error.params
            raise ValidationError({"parameters": f"{error.field}: {message}"}) from None


@receiver(pre_create_historical_record, sender=Policy.history.model)
def _keep_name(
    history_instance: Revision, history_user: AbstractBaseUser | None, **_kwargs: Any
) -> None:
    history_instance.history_user_name = history_user.get_username() if history_user else ""
