"""The metrics: exact sums over all workers, including those that have ended."""

import fcntl
import os
import platform
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from giropops import __version__
from giropops.monitoring import dependencies, metrics_folder
from passwords import signals
from passwords.models import Channel, Kind

# Seconds. Half of the requests take less than 0.001; none should take 1.
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_KEY_SETTINGS: Final = ("RECENTS_KEYS", "SECRET_KEY")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})

registry: Final = CollectorRegistry()
_counter: Final = partial(Counter, registry=registry)
_gauge: Final = partial(Gauge, registry=registry)

# The name is that of the Flask app: the sum over all labels is what its counter was.
_secrets: Final = _counter(
    "senha_gerada", "Secrets generated, by kind and channel.", ["kind", "door"]
)
_requests: Final = _counter(
    "giropops_http_requests", "Requests answered, by route.", ["route", "method", "status"]
)
_durations: Final = Histogram(
    "giropops_http_request_duration_seconds",
    "Time to answer a request, by route.",
    ["route"],
    buckets=_BUCKETS,
    registry=registry,
)
_redis_errors: Final = _counter(
    "giropops_redis_errors",
    "Failed calls for recents: Redis did not answer (away), answered with an error (refused), or"
    " was not called (paused) because it had just failed.",
    ["reason"],
)
_circuit_open: Final = _gauge(
    "giropops_redis_circuit_open",
    "Workers that currently do not call Redis.",
    multiprocess_mode="livesum",
)
_database_errors: Final = _counter(
    "giropops_database_errors", "Failed database operations, by the name of the error.", ["error"]
)
_history_waiting: Final = _gauge(
    metrics_folder.WAITING_ROWS,
    "History rows that wait in the workers until the database accepts them.",
    multiprocess_mode="livesum",
)
_history_lost: Final = _counter(metrics_folder.LOST_ROWS, metrics_folder.LOST_ROWS_HELP, ["reason"])
_shares_created: Final = _counter(
    "giropops_shares_created", "One-time links made, by channel.", ["channel"]
)
_shares_opened: Final = _counter("giropops_shares_opened", "Openings of one-time links.")
_shares_ended: Final = _counter(
    "giropops_shares_ended", "One-time links that ended, by state.", ["state"]
)
_keys_differ: Final = _gauge(
    "giropops_keys_differ",
    "Whether another process on the same Redis has other keys, by setting.",
    ["setting"],
    multiprocess_mode="livemax",
)


class _Cache(dict[Any, Any]):
    """A metric's children by their labels: `labels` itself is as slow as counting."""

    def __init__(self, metric: Counter | Histogram) -> None:
        super().__init__()
        self._metric = metric

    def __missing__(self, labels: tuple[str, ...]) -> Any:
        child = self[labels] = self._metric.labels(*labels)
        return child


_secrets_by: Final = _Cache(_secrets)
_requests_by: Final = _Cache(_requests)
_durations_by: Final = _Cache(_durations)


def method_name(request: HttpRequest) -> str:
    """Return the request's method, or ``other`` for an unknown one."""
    return request.method if request.method in _METHODS else "other"


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one response; *route* is a route name of this app, *method* is from `method_name`."""
    _requests_by[route, method, str(status)].inc()
    _durations_by[(route,)].observe(seconds)


def encode(accept: str) -> tuple[bytes, str]:
    """Return all metrics and their content type, in the format of the *accept* header."""
    encoder, content_type = choose_encoder(accept)
    folder = os.environ.get(metrics_folder.VARIABLE)
    if folder is None:  # a single process without gunicorn
        return encoder(_with_state(registry)), content_type
    with metrics_folder.locked(Path(folder), fcntl.LOCK_SH):
        counted = CollectorRegistry()
        MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
        return encoder(_with_state(counted)), content_type


def _with_state(counted: CollectorRegistry) -> CollectorRegistry:
    whole = CollectorRegistry()
    whole.register(counted)
    whole.register(_State())
    return whole


class _State(Collector):
    """Metrics that are read at each scrape, not counted."""

    def collect(self) -> Iterable[Metric]:
        """Yield the versions, and the status and the size of each dependency."""
        build = InfoMetricFamily("giropops_build", "Versions of the app and of Python.")
        build.add_metric([], {"version": __version__, "python": platform.python_version()})
        yield build
        findings = dependencies.check_all()
        up = GaugeMetricFamily(
            "giropops_dependency_up", "Whether a dependency works.", labels=["dependency"]
        )
        for name, finding in findings.items():
            up.add_metric([name], float(finding.is_ok))
        yield up
        for name, metric, text in (
            ("database", "giropops_history_rows", "Approximate number of history rows."),
            (
                "redis",
                "giropops_recents_owners",
                "Keys in Redis: owners with recents, and clients counted by limits.",
            ),
        ):
            if name in findings and (size := findings[name].size) is not None:
                yield GaugeMetricFamily(metric, text, value=size)


def _count_secrets(*, kind: str, channel: str, count: int, **_signal: Any) -> None:
    _secrets_by[kind, channel].inc(count)


def _count_share(*, channel: str, **_signal: Any) -> None:
    _shares_created.labels(channel).inc()


def _count_opening(**_signal: Any) -> None:
    _shares_opened.inc()


def _count_ended(*, state: str, count: int, **_signal: Any) -> None:
    _shares_ended.labels(state).inc(count)


def _count_redis_error(*, reason: str, **_signal: Any) -> None:
    _redis_errors.labels(reason).inc()
    if reason != "refused":
        _circuit_open.set(1)


def _note_redis_is_back(**_signal: Any) -> None:
    _circuit_open.set(0)


def _count_database_error(*, error: str, **_signal: Any) -> None:
    _database_errors.labels(error).inc()


def _note_waiting(*, rows: int, **_signal: Any) -> None:
    _history_waiting.set(rows)


def _note_keys(*, differing: tuple[str, ...], **_signal: Any) -> None:
    for setting in _KEY_SETTINGS:
        _keys_differ.labels(setting).set(setting in differing)


def _count_lost(*, rows: int, reason: str, **_signal: Any) -> None:
    _history_lost.labels(reason).inc(rows)


def _start() -> None:
    """Connect the signals. Known label values start at 0, so that their first increase counts."""
    for kind in Kind.values:
        for channel in (Channel.WEB, Channel.API):
            _secrets_by[kind, channel.value].inc(0)
    for channel in (Channel.WEB, Channel.API):
        _shares_created.labels(channel.value)
    for state in ("opened", "expired", "revoked", "locked"):
        _shares_ended.labels(state)
    for reason in ("away", "refused", "paused"):
        _redis_errors.labels(reason)
    for reason in ("full", "refused", "stopped", "killed"):
        _history_lost.labels(reason)
    for setting in _KEY_SETTINGS:
        _keys_differ.labels(setting)
    signals.secrets_drawn.connect(_count_secrets)
    signals.share_created.connect(_count_share)
    signals.share_opened.connect(_count_opening)
    signals.shares_ended.connect(_count_ended)
    signals.recents_failed.connect(_count_redis_error)
    signals.recents_recovered.connect(_note_redis_is_back)
    signals.database_failed.connect(_count_database_error)
    signals.history_waiting.connect(_note_waiting)
    signals.history_lost.connect(_count_lost)
    signals.keys_compared.connect(_note_keys)


_start()
