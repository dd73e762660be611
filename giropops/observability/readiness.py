"""Readiness: what the app depends on, how each of it is, and whether the app can do its job."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.http import JsonResponse

from giropops.observability.probes import Probe
from passwords import history
from passwords.recents import RecentsUnavailableError, open_store, uses_redis


def ask_database() -> str:
    """Say whether the database could take a row; in SQLite's case by taking its write lock."""
    try:
        if connection.vendor == "sqlite":
            with transaction.atomic():  # IMMEDIATE: fails when it is read-only or stays locked
                pass
            return "ok"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            (is_replica,) = cursor.fetchone()
        return "read-only" if is_replica else "ok"
    finally:
        connection.close()


def ask_redis() -> str:
    """Say whether Redis takes a write."""
    try:
        open_store().check()
    except RecentsUnavailableError as error:
        return error.reason
    return "ok"


_database: Final = Probe("database", ask_database)
_redis: Final = Probe("redis", ask_redis)


def answer() -> JsonResponse:
    """Return how each dependency is; 503 when one that ``READINESS_REQUIRES`` names is not well.

    Generating itself needs none of them.
    """
    probes = {"database": _database, **({"redis": _redis} if uses_redis() else {})}
    waiting = {name: probe.start() for name, probe in probes.items()}
    findings = {name: wait() for name, wait in waiting.items()}
    ill = {name for name, finding in findings.items() if not finding.is_ok}
    rows_waiting = history.writer.waiting
    if rows_waiting:
        ill.add("database")  # it answers, and yet did not take what it was given
    is_ready = ill.isdisjoint(settings.READINESS_REQUIRES)
    content: dict[str, Any] = {
        "status": ("degraded" if ill else "ok") if is_ready else "unavailable",
        "dependencies": {
            name: {"status": finding.status, "milliseconds": round(finding.seconds * 1000, 1)}
            for name, finding in findings.items()
        },
        "history_rows_waiting": rows_waiting,
    }
    if not uses_redis():
        content["dependencies"]["redis"] = {"status": "unused"}
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(content, status=status)
