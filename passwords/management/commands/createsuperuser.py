"""``manage.py createsuperuser``, which also checks the password with ``--no-input``."""

import os
from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management import CommandError

from passwords.accounts.first_admin import UnusableAccountError, check_password
from passwords.management.base import BAD_REQUEST


class Command(createsuperuser.Command):
    """Django's command, which checks typed passwords only, not the one in the environment."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Check ``DJANGO_SUPERUSER_PASSWORD``, then let Django create the account."""
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
        if not options["interactive"] and password is not None:
            name = options.get("username") or os.environ.get("DJANGO_SUPERUSER_USERNAME", "")
            try:
                check_password(name, password)
            except UnusableAccountError as error:
                raise CommandError(
                    f"DJANGO_SUPERUSER_PASSWORD: {error}", returncode=BAD_REQUEST
                ) from None
        return super().handle(*args, **options)
