"""Check the stores that the app depends on: the database and Redis."""

from typing import Final

from django.db import connection, transaction
from django.db.models import Max, Min

from giropops.monitoring.probes import Finding, Probe
from passwords.models import Generation
from passwords.recents import RecentsUnavailableError, open_store, uses_redis


def check_database() -> Finding:
    """Return whether the database accepts writes, and about how many rows the history has.

    The number is the difference of the highest and the lowest key: counting the rows is slow.
    """
    try:
        status = _check_sqlite() if connection.vendor == "sqlite" else _check_postgres()
        ends = Generation.objects.aggregate(first=Min("pk"), last=Max("pk"))
        return Finding(status, ends["last"] - ends["first"] + 1 if ends["last"] else 0)
    finally:
        connection.close()


def check_redis() -> Finding:
    """Return whether Redis accepts writes, and how many owners have recents."""
    try:
        return Finding("ok", open_store().check())
    except RecentsUnavailableError as error:
        return Finding(error.reason)


_database: Final = Probe("database", check_database)
_redis: Final = Probe("redis", check_redis)


def check_all() -> dict[str, Finding]:
    """Check all dependencies at the same time; Redis only where it is used."""
    probes = {"database": _database, **({"redis": _redis} if uses_redis() else {})}
    waiting = {name: probe.start() for name, probe in probes.items()}
    return {name: wait() for name, wait in waiting.items()}


def _check_sqlite() -> str:
    with transaction.atomic():  # IMMEDIATE: fails on a file that is read-only or stays locked
        return "ok"


def _check_postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        (is_replica,) = cursor.fetchone()
    return "read-only" if is_replica else "ok"
