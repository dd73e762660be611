"""The WSGI application that gunicorn serves."""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries

from giropops.middleware.wsgi import with_plain_content_type, without_head_body, without_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")

request_finished.disconnect(close_caches)  # neither of the two caches has anything to close
if not settings.DEBUG:
    # Django closes them at the end of each request too; reset_queries is only needed with DEBUG.
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)

application: WSGIApplication = with_plain_content_type(without_head_body(get_wsgi_application()))
if settings.URL_PREFIX:
    application = without_prefix(application, settings.URL_PREFIX)
