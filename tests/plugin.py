"""The pytest plugin that makes the suite independent of the machine it runs on.

It replaces what the developer's shell and `.env` say by fresh settings before Django reads them,
and with `TEST_DATABASE=postgres` runs the tests that use the database on a PostgreSQL of its own.
pytest-xdist's workers inherit the environment, and so the one server, from the controller.
"""

import base64
import os
import secrets
import signal
from collections.abc import Generator
from typing import Final

import hypothesis
import pytest
from django.test import TransactionTestCase

from tests.servers import PostgresServer

APP_VARIABLES: Final = (
    *(
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "DEBUG",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        "URL_PREFIX",
        "SITE_URL",
        "HTTPS",
    ),
    *("TRUSTED_PROXIES", "TRUSTED_PROXY_ADDRESSES"),
    *("REMOTE_USER_HEADER", "REMOTE_GROUPS_HEADER", "REMOTE_STAFF_GROUPS", "REMOTE_SIGN_OUT_PATH"),
    *("PASSWORD_SIGN_IN", "DATABASE_URL", "REDIS_URL", "REDIS_HOST", "REDIS_PORT"),
    *(
        "REDIS_PASSWORD",
        "REDIS_SENTINEL_PASSWORD",
        "RECENTS_KEYS",
        "RECENTS_LIMIT",
        "RECENTS_TTL",
        "RECENTS_SCOPE",
    ),
    *("SHARES", "SHARES_MAX_DAYS", "SHARES_RECEIPT_DAYS"),
    *("HISTORY_STORE_IP", "HISTORY_RETENTION_DAYS", "AUDIT_CHAIN", "WORDLISTS_DIR"),
    *("HOST", "PORT", "WEB_CONCURRENCY"),
    *("READINESS_REQUIRES", "METRICS_TOKEN", "METRICS_PORT", "PROMETHEUS_MULTIPROC_DIR"),
    *("ADMIN_USER", "ADMIN_PASSWORD"),
    *("API_REQUIRES_TOKEN", "RATE_LIMIT", "LOG_FORMAT", "LOG_REQUESTS"),
)
"""Every variable that the settings read; `test_plugin.py` keeps the list complete."""
_DATABASE_FIXTURES: Final = frozenset({"db", "transactional_db", "live_server"})

_SLOW_FIXTURES: Final = frozenset({"browser", "live_template", "own_postgres", "own_redis"})
"""What starts programs of its own: `live_template` is below every live app."""


def fresh_keys() -> dict[str, str]:
    """Return the two variables without which the app does not start, with random values."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RECENTS_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


# A wrapper, since it must come before pytest-django's hook, which loads the settings.
@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set the environment of the test run, and start PostgreSQL if the run is for it."""
    # A shell starts a background job with SIGINT ignored: the programs of the tests inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _set_environment()
        if _runs_on_postgres():
            server = PostgresServer()
            server.__enter__()
            early_config.add_cleanup(lambda: server.__exit__(None, None, None))
            os.environ["DATABASE_URL"] = server.url
    return (yield)


@pytest.hookimpl(tryfirst=True)  # before hypothesis's own, which reads --hypothesis-profile
def pytest_configure() -> None:
    """Let no property test fail for the time it takes, and let CI try the same cases each time."""
    hypothesis.settings.register_profile(
        "giropops",
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("giropops")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what `make test-quick` leaves out, and keep only tests of the database on PostgreSQL."""
    for item in items:
        if not _SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    if not _runs_on_postgres():
        return
    left_out = [item for item in items if not _uses_database(item)]
    items[:] = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=left_out)


def _set_environment() -> None:
    for name in APP_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= {"DOTENV": "", **fresh_keys()}


def _runs_on_postgres() -> bool:
    """Return whether the run is for PostgreSQL.

    Raises:
        pytest.UsageError: TEST_DATABASE names none that there is.
    """
    name = os.environ.get("TEST_DATABASE", "sqlite")
    if name not in {"sqlite", "postgres"}:
        msg = "TEST_DATABASE takes sqlite (the default) or postgres"
        raise pytest.UsageError(msg)
    return name == "postgres"


def _uses_database(item: pytest.Item) -> bool:
    """Return whether *item* may depend on the database of the run; a live app has its own."""
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("any_database") is not None or "live_template" in fixtures:
        return False
    if item.get_closest_marker("django_db") is not None:
        return True
    test_class = item.cls if isinstance(item, pytest.Function) else None
    if test_class is not None and issubclass(test_class, TransactionTestCase):
        return True
    return not _DATABASE_FIXTURES.isdisjoint(fixtures)
