"""gunicorn's configuration, with background jobs every second."""

from giropops.server.gunicorn_conf import *  # noqa: F403  # gunicorn reads the names of this module
from passwords import background

setattr(background, "INTERVAL_SECONDS", 1.0)  # noqa: B010  # it is final for mypy
