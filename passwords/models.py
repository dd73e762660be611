"""What the database keeps: policies, and a history that never holds a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from passwords import domain

if TYPE_CHECKING:
    from passwords.domain import Recipe


class Kind(models.TextChoices):
    """The kinds of secret: the keys of ``domain.RECIPES``."""

    CHARACTERS = "characters", _("Password")
    PASSPHRASE = "passphrase", _("Passphrase")
    PIN = "pin", _("PIN")
    TOKEN = "token", _("Token")


class Surface(models.TextChoices):
    """The doors that a secret can be asked for at."""

    WEB = "web", _("Web")
    API = "api", _("API")
    COMMAND = "command", _("Command")
    ADMIN = "admin", _("Admin")


class Policy(models.Model):
    """A named recipe, for people who would rather choose than tune."""

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
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and count the version up when the recipe is another one than before."""
        before = (
            type(self).objects.filter(pk=self.pk).values("kind", "parameters", "version").first()
        )
        if before and (before["kind"], before["parameters"]) != (self.kind, self.parameters):
            self.version = before["version"] + 1
        super().save(*args, **kwargs)

    def recipe(self) -> Recipe:
        """Return the recipe that the parameters describe.

        Raises:
            RecipeError: the parameters describe none.
        """
        return domain.build(self.kind, self.parameters)

    def clean(self) -> None:
        """Let the domain judge the parameters."""
        super().clean()
        if not isinstance(self.parameters, dict):
            raise ValidationError({"parameters": _("Write an object of names and values.")})
        try:
            self.recipe()
        except domain.RecipeError as error:
            raise ValidationError({"parameters": str(error)}) from None


class Generation(models.Model):
    """One request: when, by whom, where, how strong. Never a secret, nor a part of one."""

    created_at = models.DateTimeField(_("when"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The name outlives the user.
    user_name = models.CharField(_("user name"), max_length=150, blank=True)
    # A keyed hash of the anonymous owner's id: it groups requests and leads back to nobody.
    owner_hash = models.CharField(_("anonymous owner"), max_length=32, blank=True)
    surface = models.CharField(_("door"), max_length=8, choices=Surface)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    policy = models.ForeignKey(
        Policy,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
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

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M:%S} {self.kind}: {self.count}"
