"""Run Django's deploy checks with the settings of a production with HTTPS, Redis and workers.

The keys are generated for each run. No server is needed, because the checks only read settings.
"""

import base64
import os
import secrets

from django.core.management import execute_from_command_line


def production_environment() -> dict[str, str]:
    """Return the variables of such a production."""
    return {
        "DJANGO_SETTINGS_MODULE": "giropops.settings",
        "DOTENV": "",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RECENTS_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
        "HTTPS": "true",
        "ALLOWED_HOSTS": "senhas.example.test",
        "CSRF_TRUSTED_ORIGINS": "https://senhas.example.test",
        "TRUSTED_PROXIES": "1",
        "API_REQUIRES_TOKEN": "true",
        "DATABASE_URL": "postgres://giropops:password@127.0.0.1:5432/giropops",
        "REDIS_URL": "redis://:password@127.0.0.1:6379/0",
        "WEB_CONCURRENCY": "2",
    }


def main() -> None:
    """Run the checks, and exit with their exit code."""
    os.environ.clear()  # no variable of the developer's own makes the checks pass or fail
    os.environ |= production_environment()
    command = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    execute_from_command_line(command)


if __name__ == "__main__":
    main()
