"""The WSGI application that gunicorn serves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")


def without_prefix(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """Return *app* behind *prefix*, whether or not the Ingress in front strips it."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return app(environ, start_response)

    return serve


application: WSGIApplication = get_wsgi_application()
if settings.URL_PREFIX:
    application = without_prefix(application, settings.URL_PREFIX)
