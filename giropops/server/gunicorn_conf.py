"""gunicorn's configuration: two workers with threads, or one worker for recents in memory."""

from __future__ import annotations

import gc
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from gunicorn.glogging import Logger

from giropops.conf import keys, stores
from giropops.monitoring import logs, metrics_folder
from giropops.server import address, codec_search

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker


def _refuse(*reasons: object) -> NoReturn:
    """Exit with one line for each reason, and the exit code of a bad setting."""
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
# The tests cover this parser. "auto" would use a C parser if one were installed.
http_parser = "python"
# Without it one worker may get all keep-alive connections and the other none.
reuse_port = True
preload_app = True
# Seconds. Must be below the time from SIGTERM to SIGKILL: 30 in Kubernetes, 10 in Docker.
graceful_timeout = 8
timeout = 30
keepalive = 5
# The heartbeat file is in memory: with a slow disk a worker would seem to hang.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a folder of tmpfs
control_socket_disable = True


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's log without its request lines, which the app writes itself."""

    def access(self, *_answer: Any) -> None:
        """Log nothing."""

    def info(self, msg: str, *args: Any, **options: Any) -> None:
        """Leave out a line without an address: with reuse_port only the workers listen."""
        if not msg.startswith("Listening at"):
            super().info(msg, *args, **options)


logger_class = ServerLogger
logconfig_dict = settings.LOGGING
# Only Django decides which proxies to trust (TRUSTED_PROXIES, TRUSTED_PROXY_ADDRESSES). gunicorn
# drops headers with an underscore, which could look like one of a proxy (header_map).
forwarded_allow_ips = ""
forwarder_headers = ""

# The part of graceful_timeout in which an ending worker writes the history's backlog.
HISTORY_STOP_SECONDS = 3.0


def on_starting(server: Arbiter) -> None:
    """Run the app's checks; refuse to start on errors, and warn about generated keys."""
    from django.core import checks  # noqa: PLC0415  # needs the app registry

    errors = [message for message in checks.run_checks(tags=["giropops"]) if message.is_serious()]
    if errors:
        _refuse(*(error.msg for error in errors))
    try:
        for setting, port in _PORTS.items():
            if port:
                address.check(settings.HOST, port, setting=setting)
        _make_first_admin(server)
    except ImproperlyConfigured as error:
        _refuse(error)
    if settings.MADE_KEYS:
        server.log.warning("%s", keys.describe(settings.MADE_KEYS, settings.MADE_KEYS_PROBLEM))
    if "recents" not in settings.CACHES:
        server.log.info("Recents are kept in this process: replicas need REDIS_HOST or REDIS_URL")


def _make_first_admin(server: Arbiter) -> None:
    """Create the account of ADMIN_USER and ADMIN_PASSWORD; without them, log how to create one."""
    from django.db import DatabaseError, connections  # noqa: PLC0415  # needs the settings

    from passwords.accounts import first_admin  # noqa: PLC0415  # needs the app registry

    name, password = settings.ADMIN_USER, settings.ADMIN_PASSWORD
    try:
        if name and password:
            if first_admin.create_first_admin(name, password):
                server.log.info("The first admin account was created from ADMIN_USER")
        elif settings.PASSWORD_SIGN_IN and not first_admin.has_admin():
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
    """Exempt all objects from garbage collection, so that workers share their memory."""
    gc.freeze()


def post_fork(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Log exceptions that end a thread; Python would print them as a traceback."""
    logs.log_thread_errors()


def post_worker_init(worker: Worker) -> None:
    """Limit query time and start the background jobs. The worker listens already."""
    if worker.age == 1:
        worker.log.info("Serving on http://%s%s/", bind[0], settings.URL_PREFIX)
    if connection.vendor == "postgresql":
        from giropops.conf.postgresql.base import DatabaseWrapper  # noqa: PLC0415  # needs psycopg

        DatabaseWrapper.query_timeout_seconds = stores.POSTGRES_QUERY_TIMEOUT_SECONDS
    from passwords import background  # noqa: PLC0415  # needs the app registry

    interval = background.INTERVAL_SECONDS
    background.BackgroundThread(background.jobs(), interval=interval).start()


def worker_exit(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Write the history's backlog; then end the process without the interpreter's cleanup.

    The cleanup writes into every object, and so copies all memory that the workers share. For two
    workers a container of 128 MiB is too small for that. gunicorn also calls this hook after a
    failed start: that one ends normally, with its exit code.
    """
    from passwords import history  # noqa: PLC0415  # needs the app registry

    history.writer.stop(seconds=HISTORY_STOP_SECONDS)
    ending = sys.exception()
    if worker.booted and isinstance(ending, SystemExit) and not ending.code:
        logging.shutdown()
        os._exit(0)


def child_exit(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001  # gunicorn's signature
    """Keep the counts of the worker."""
    metrics_folder.absorb(_METRICS_FOLDER, worker.pid)


def on_exit(server: Arbiter) -> None:  # noqa: ARG001  # gunicorn's signature
    """Remove the metrics folder; write SQLite's log into its file, as the workers did not."""
    from django.db import DatabaseError, connection  # noqa: PLC0415  # needs the settings

    metrics_folder.remove()
    if connection.vendor == "sqlite":
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
