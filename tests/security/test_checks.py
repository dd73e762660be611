"""The system checks that warn of an unsafe configuration."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.test import override_settings
from django.utils import timezone

from giropops.conf.environment import networks
from giropops.conf.stores import RedisLocation, redis_cache
from passwords.models import Generation
from tests.live import ROOT
from tests.plugin import fresh_keys

pytestmark = pytest.mark.django_db


def found(**settings: Any) -> list[str | None]:
    with override_settings(**settings):
        messages = run_checks(tags=["giropops"], include_deployment_checks=True)
    return [message.id for message in messages]


def with_redis(url: str, password: str = "") -> dict[str, Any]:
    locmem = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"CACHES": {"default": locmem, "recents": redis_cache(RedisLocation(url, password))}}


def trusting(text: str) -> dict[str, Any]:
    return {"TRUSTED_PROXY_ADDRESSES": networks(text)}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, []),
        ({"RECENTS_KEYS": [b"k" * 32]}, ["giropops.E002"]),
        ({"RECENTS_KEYS": [os.urandom(32), bytes(32)]}, ["giropops.E002"]),
        ({"SECRET_KEY": "a" * 50}, ["giropops.E003"]),
        ({"SECRET_KEY": "django-insecure-0123456789abcdefghij"}, ["giropops.E003"]),
        ({"SECRET_KEY_FALLBACKS": ["b" * 50]}, ["giropops.E003"]),
        ({"HOST": "192.0.2.1"}, ["giropops.W002"]),
        ({"HOST": "192.0.2.1", "HTTPS": True}, []),
        ({"HOST": "::1"}, []),
        ({"HOST": "localhost"}, []),
        (with_redis("redis://redis:6379/0"), ["giropops.W003"]),
        ({"MADE_KEYS": ("SECRET_KEY",)}, ["giropops.W005"]),
        (with_redis("redis://redis:6379/0", "password"), []),
        (with_redis("redis://127.0.0.1:6379/0"), []),
        (with_redis("unix:///run/redis.sock"), []),
        ({"RECENTS_SCOPE": "shared"}, ["giropops.W001"]),
        ({"ONLY_LOCAL_HOSTS": False}, ["giropops.W006"]),
        ({"ONLY_LOCAL_HOSTS": False, "API_REQUIRES_TOKEN": True}, []),
        ({"ONLY_LOCAL_HOSTS": False, "ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, []),
        ({"REMOTE_USER_HEADER": "Remote-User", **trusting("8.8.8.0/24")}, ["giropops.W007"]),
        ({"REMOTE_USER_HEADER": "Remote-User", **trusting("10.0.0.0/8, 8.8.8.8")}, []),
        (trusting("8.8.8.0/24"), []),
        ({"WEB_CONCURRENCY": 2}, ["giropops.E001"]),
    ],
)
def test_each_check_reports_its_own_problem(settings: dict[str, Any], expected: list[str]) -> None:
    assert found(**settings) == expected


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("SIGNED_IN_MIDDLEWARE", path) for path in django_settings.SIGNED_IN_MIDDLEWARE),
        ("MIDDLEWARE", "giropops.middleware.trusted_proxies.TrustedProxiesMiddleware"),
        ("MIDDLEWARE", "giropops.middleware.rate_limit.RateLimitMiddleware"),
        ("MIDDLEWARE", "giropops.middleware.cross_origin.CrossOriginMiddleware"),
        ("MIDDLEWARE", "giropops.middleware.api_tokens.ApiTokenMiddleware"),
        ("MIDDLEWARE", "giropops.middleware.signed_in.SignedInMiddleware"),
    ],
)
def test_a_missing_middleware_is_an_error(name: str, path: str) -> None:
    present = [other for other in getattr(django_settings, name) if other != path]

    assert found(**{name: present}) == ["giropops.E004"]


def test_middleware_in_the_wrong_order_is_an_error() -> None:
    backwards = django_settings.SIGNED_IN_MIDDLEWARE[::-1]

    assert found(SIGNED_IN_MIDDLEWARE=backwards) == ["giropops.E004"]


@pytest.mark.parametrize(("days_old", "expected"), [(30, []), (38, ["giropops.W004"])])
def test_unpruned_history_is_reported(days_old: int, expected: list[str]) -> None:
    Generation.objects.create(
        created_at=timezone.now() - timedelta(days=days_old),
        channel="web",
        kind="pin",
        count=1,
        size=6,
        entropy_bits=20.0,
    )

    assert found(HISTORY_RETENTION_DAYS=30) == expected


def test_a_database_that_is_away_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", fail)

    assert found() == []


@pytest.mark.parametrize("draw", [os.urandom])
def test_no_random_key_is_called_weak(draw: Callable[[int], bytes]) -> None:
    keys = [draw(32) for _ in range(10_000)]

    assert found(RECENTS_KEYS=keys) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "x" * 40),
        ("RECENTS_KEYS", base64.urlsafe_b64encode(b"giropops" * 4).decode()),
    ],
)
def test_the_app_does_not_start_with_a_weak_key(name: str, value: str) -> None:
    command = [sys.executable, "-m", "gunicorn", "-c", "giropops/server/gunicorn_conf.py"]
    environment = {"PATH": os.environ["PATH"], "DOTENV": "", **fresh_keys(), name: value}

    result = subprocess.run(
        [*command, "giropops.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode != 0
    assert name in result.stderr
    assert value not in result.stderr
