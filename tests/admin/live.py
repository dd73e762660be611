"""Signing in to an app that runs under gunicorn, without its form."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from tests.live import ROOT

if TYPE_CHECKING:
    from tests.live import LiveApp

SESSION_COOKIE: Final = "giropops_session"

_MAKE_SESSION: Final = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, models
user, _ = models.User.objects.get_or_create(username="lead", is_staff=True, is_superuser=True)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


def session_of_superuser(app: LiveApp) -> str:
    """Return the session key of a superuser."""
    return manage(app, "shell", "--verbosity=0", "--command", _MAKE_SESSION).decode().strip()


def manage(app: LiveApp, *arguments: str) -> bytes:
    """Run a command on the data of *app*; return what it wrote to stdout."""
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=app.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return ended.stdout
