"""How gunicorn serves the app: two threaded workers, or one where recents live in memory."""

from __future__ import annotations

import gc
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from giropops.conf import keys, stores
from giropops.monitoring import logs, metrics_folder
from giropops.server import address, codec_search
from giropops.server.log import ServerLogger

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker


def _refuse(*reasons: object) -> NoReturn:
    """Do not start: one line for each reason, and the exit code of a bad setting."""
    sys.stderr.writelines(f"giropops: {reason}\n" for reason in reasons)
    sys.exit(2)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")
try:
    keys.make_missing()  # before the settings read them
    django.setup()
except ImproperlyConfigured as error:
    _refuse(error)

_METRICS_FOLDER = metrics_folder.prepare(settings.PROMETHEUS_MULTIPROC_DIR)
_PORTS = {"PORT": settings.PORT, "METRICS_PORT": settings.METRICS_PORT}
bind = [address.written(settings.HOST, port) for port in _PORTS.values() if port]
workers = settings.WEB_CONCURRENCY
worker_class = "giropops.server.worker.BufferingWorker"
threads = 4
# The C parser that "auto" would use if it were installed is not the one that the tests cover.
http_parser = "python"
# Without it one worker may take every keep-alive connection while the other idles.
reuse_port = True
preload_app = True
# Kubernetes waits 30 s and Docker 10 s between SIGTERM and SIGKILL: be done before.
graceful_timeout = 8
timeout = 30
keepalive = 5
# The heartbeat file in memory: a slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a folder of tmpfs
control_socket_disable = True
logger_class = ServerLogger
logconfig_dict = settings.LOGGING
# Django alone decides whom to believe about the scheme (TRUSTED_PROXIES).
forwarded_allow_ips = ""
forwarder_headers = ""

# Of the time above, what the history's backlog may take when a worker ends.
HISTORY_STOP_SECONDS = 3.0


def on_starting(server: Arbiter) -> None:
    """Refuse to start in a state that the app's own checks call an error; warn of made keys."""
    from django.core import checks  # noqa: PLC0415  # needs the app registry

    errors = [message for message in checks.run_checks(tags=["giropops"]) if message.is_serious()]
    if errors:
        _refuse(*(error.msg for error in errors))
    try:
        for setting, port in _PORTS.items():
            if port:
                address.check(settings.HOST, port, setting=setting)
        _make_first_admin(server)
    except (address.AddressError, ImproperlyConfigured) as error:
        _refuse(error)
    if settings.MADE_KEYS:
        server.log.warning("%s", keys.describe(settings.MADE_KEYS, settings.MADE_KEYS_PROBLEM))


def _make_first_admin(server: Arbiter) -> None:
    """Create the account that ADMIN_USER and ADMIN_PASSWORD name; say how to make one without."""
    from django.db import DatabaseError, connections  # noqa: PLC0415  # needs the settings

    from passwords.accounts import first_admin  # noqa: PLC0415  # needs the app registry

    name, password = settings.ADMIN_USER, settings.ADMIN_PASSWORD
    try:
        if name and password:
            if first_admin.create_first_admin(name, password):
                server.log.info("The first admin account was created from ADMIN_USER")
        elif not first_admin.has_admin():
            server.log.info("There is no admin account yet: the command createsuperuser makes one")
    except first_admin.UnusableAccountError as error:
        raise ImproperlyConfigured(f"ADMIN_USER, ADMIN_PASSWORD: {error}") from None
    except DatabaseError as error:
        server.log.warning("The database cannot be used yet (%s)", type(error).__name__)
    finally:
        connections.close_all()  # a connection must not be shared with the workers


def when_ready(server: Arbiter) -> None:  # noqa: ARG001  # gunicorn's signature
    """Load once what every worker needs."""
    from giropops.server import preload  # noqa: PLC0415  # needs the app registry

    preload.load_all()
    codec_search.forget_unknown_codecs()


def pre_fork(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Keep the memory that the worker is about to share as it is."""
    gc.freeze()


def post_fork(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Let no thread of a worker write a traceback of its own."""
    logs.log_thread_errors()


def post_worker_init(worker: Worker) -> None:
    """Limit query time and start the background jobs; the worker listens by now."""
    if worker.age == 1:
        worker.log.info("Serving on http://%s%s/", bind[0], settings.URL_PREFIX)
    if connection.vendor == "postgresql":
        from giropops.conf.postgresql.base import DatabaseWrapper  # noqa: PLC0415  # needs psycopg

        DatabaseWrapper.query_timeout_seconds = stores.POSTGRES_QUERY_TIMEOUT_SECONDS
    from passwords import background  # noqa: PLC0415  # needs the app registry

    background.BackgroundThread(background.jobs()).start()


def worker_exit(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Write the history that the database would not take before; then end the process at once.

    The end of the interpreter would write into every object, and so copy all memory that the
    workers share: with two of them more than a container of 128 MiB has. gunicorn calls this after
    failed starts, too: they take the usual way, with their exit code.
    """
    from passwords import history  # noqa: PLC0415  # needs the app registry

    history.writer.stop(seconds=HISTORY_STOP_SECONDS)
    ending = sys.exception()
    if worker.booted and isinstance(ending, SystemExit) and not ending.code:
        logging.shutdown()
        os._exit(0)


def child_exit(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Keep what the worker has counted."""
    metrics_folder.absorb(_METRICS_FOLDER, worker.pid)


def on_exit(server: Arbiter) -> None:  # noqa: ARG001  # gunicorn's signature
    """Remove the metrics folder, and write SQLite's log into its file, which no worker closed."""
    from django.db import DatabaseError, connection  # noqa: PLC0415  # needs the settings

    metrics_folder.remove()
    if connection.vendor == "sqlite":
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
