"""Choices that several models use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds of secret: the keys of ``domain.RECIPES``."""

    CHARACTERS = "characters", _("Password")
    PASSPHRASE = "passphrase", _("Passphrase")
    PIN = "pin", _("PIN")
    TOKEN = "token", _("Token")
    PATTERN = "pattern", _("Pattern")


class Channel(models.TextChoices):
    """The channels through which a secret can be requested."""

    WEB = "web", _("Web")
    API = "api", _("API")
    COMMAND = "command", _("Command")
    ADMIN = "admin", _("Admin")
