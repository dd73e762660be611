"""Readiness: how each dependency is, and whether the app can do its job."""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import JsonResponse

from giropops.monitoring import dependencies, metrics_folder
from passwords import history


def answer() -> JsonResponse:
    """Return the status of each store; 503 when one that ``READINESS_REQUIRES`` names fails.

    By default it names none: secrets are made without any of them.
    """
    findings = dependencies.ask_all()
    ill = {name for name, finding in findings.items() if not finding.is_ok}
    rows_waiting = _rows_waiting()
    if rows_waiting:
        ill.add("database")  # it answers, and yet did not take what it was given
    is_ready = ill.isdisjoint(settings.READINESS_REQUIRES)
    told: dict[str, Any] = {
        name: {"status": finding.status, "milliseconds": round(finding.seconds * 1000, 1)}
        for name, finding in findings.items()
    }
    if "redis" not in findings:
        told["redis"] = {"status": "unused"}
    content = {
        "status": ("degraded" if ill else "ok") if is_ready else "unavailable",
        "dependencies": told,
        "history_rows_waiting": rows_waiting,
    }
    return JsonResponse(
        content, status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    )


def _rows_waiting() -> int:
    """Return how many rows wait in all workers: they have one database."""
    folder = os.environ.get(metrics_folder.VARIABLE)
    return metrics_folder.waiting_rows(Path(folder)) if folder else history.writer.waiting
