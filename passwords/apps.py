"""The app's registration with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PasswordsConfig(AppConfig):
    """Passwords: the only app of the project."""

    name = "passwords"
    verbose_name = _("Giropops Senhas")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and what listens for the audit."""
        from passwords import checks  # noqa: F401, PLC0415  # importing registers them
        from passwords.audit import receivers  # noqa: F401, PLC0415  # the same
