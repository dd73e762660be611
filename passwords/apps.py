"""The configurations of the app and of the admin."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from passwords import own_wordlists


class PasswordsConfig(AppConfig):
    """The only app of the project."""

    name = "passwords"
    verbose_name = _("Giropops Senhas")

    def ready(self) -> None:
        """Register the own wordlists, the system checks and the signal receivers."""
        own_wordlists.register(settings.WORDLISTS_DIR)  # before the parameters name the lists
        from passwords import checks  # noqa: F401, PLC0415  # importing registers them
        from passwords.audit import receivers  # noqa: F401, PLC0415  # the same


class GiropopsAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "passwords.admin.site.GiropopsAdminSite"

    def ready(self) -> None:
        """Register the app's admin classes last, as they replace some of other apps."""
        super().ready()
        from passwords.admin import (  # noqa: F401, PLC0415  # registers them
            audit,
            history,
            policies,
            shares,
            tokens,
        )
