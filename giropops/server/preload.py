"""What every worker would load for itself, loaded once before they are forked.

Their memory then has it but once, and their first answers are as fast as the rest. The garbage
collector has to be kept off it (`gc.freeze`): it writes into every object that it looks at, and a
page of memory that is written to is no longer shared.
"""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.core.cache import caches
from django.template.loader import get_template
from django.utils import translation

from passwords.recents import open_store


def load_all() -> None:
    """Load the code of every view, the page's templates, the languages and the Redis client."""
    import_module(settings.ROOT_URLCONF)
    open_store()  # which connects to nothing yet
    for cache in caches.all():
        getattr(cache, "client", None)  # django-redis loads its code when this is read
    folder = settings.BASE_DIR / "templates"
    for path in (folder / "base.html", *folder.glob("passwords/*.html")):
        get_template(str(path.relative_to(folder)))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
