"""Load code, templates and translations once, before gunicorn forks the workers.

The workers then share this memory, and their first responses are as fast as the others. It needs
`gc.freeze`: the garbage collector writes into every object that it visits, and a page of memory
that a process writes to is no longer shared.
"""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.template.loader import get_template
from django.urls import reverse
from django.utils import formats, translation

from giropops.conf import folders
from passwords.recents import open_store


def load_all() -> None:
    """Load views, routes, templates of the pages, languages, queries and the Redis client."""
    import_module(settings.ROOT_URLCONF)
    open_store()  # does not connect yet
    for cache in caches.all():
        getattr(cache, "client", None)  # reading it imports django-redis
    for model in apps.get_models():
        # Reads the relations of all models, and imports Django's compiler of queries.
        str(model._default_manager.filter(pk=1).query)  # noqa: SLF001  # a public name
    folder = folders.TEMPLATES
    for path in (folder / "base.html", *folder.glob("passwords/*.html")):
        get_template(str(path.relative_to(folder)))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
            formats.get_format("DECIMAL_SEPARATOR")
            # Each reads the routes of its application, for each language anew.
            reverse("passwords:home")
            reverse("admin:index")
