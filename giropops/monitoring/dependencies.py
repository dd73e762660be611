"""What the app depends on, and how each of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Max, Min

from giropops.monitoring.probes import Answer, Probe
from passwords.models import Generation
from passwords.recents import RecentsUnavailableError, open_store, uses_redis

if TYPE_CHECKING:
    from giropops.monitoring.probes import Finding


def ask_database() -> Answer:
    """Say whether the database could take a row, and about how many the history has.

    The ends of the key are looked up, which costs nothing, rather than the rows counted.
    """
    try:
        status = _ask_sqlite() if connection.vendor == "sqlite" else _ask_postgres()
        ends = Generation.objects.aggregate(first=Min("pk"), last=Max("pk"))
        return Answer(status, ends["last"] - ends["first"] + 1 if ends["last"] else 0)
    finally:
        connection.close()


def ask_redis() -> Answer:
    """Say whether Redis takes a write, and how many owners have recents."""
    try:
        return Answer("ok", open_store().check())
    except RecentsUnavailableError as error:
        return Answer(error.reason, None)


_database: Final = Probe("database", ask_database)
_redis: Final = Probe("redis", ask_redis)


def ask_all() -> dict[str, Finding]:
    """Ask them all at once; Redis only where it is used."""
    probes = {"database": _database, **({"redis": _redis} if uses_redis() else {})}
    waiting = {name: probe.start() for name, probe in probes.items()}
    return {name: wait() for name, wait in waiting.items()}


def _ask_sqlite() -> str:
    with transaction.atomic():  # IMMEDIATE: fails on a file that is read-only or stays locked
        return "ok"


def _ask_postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        (is_replica,) = cursor.fetchone()
    return "read-only" if is_replica else "ok"
