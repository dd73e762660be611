"""The fixtures that every kind of test may use: real servers, the live app, a browser."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    sync_playwright,
)

from tests.live import LiveApp, prepare
from tests.servers import RedisServer

StartLiveApp = Callable[[Mapping[str, str]], LiveApp]
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let pages render in-process without `collectstatic`: the live app has the real manifest."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={**settings.STORAGES, "staticfiles": plain},
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_password_hashes() -> Iterator[None]:
    """Let a try to sign in cost no half second; the live app hashes as in production."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,  # noqa: ARG001  # as pytest-django's own
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Keep SQLite's test database in a file, as the app does; each worker has a database.

    Django closes no connection to a database in memory: each thread of the app would leave one,
    which Python 3.13 reports.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis for the whole run: a test that kills or pauses one starts its own."""
    with RedisServer(password="not-a-secret") as server:
        yield server


@pytest.fixture
def redis_client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    """A client of `redis_server`, which is emptied first."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
        yield client


@pytest.fixture
def redis_url(redis_server: RedisServer, redis_client: redis.Redis) -> str:
    """The URL of `redis_server`, which is empty."""
    assert redis_client.dbsize() == 0
    return redis_server.url


@pytest.fixture(scope="session")
def live_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database for `LiveApp`, made once for all the workers of the run."""
    folder = tmp_path_factory.getbasetemp()
    return prepare(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture
def start_live_app(live_template: Path) -> Iterator[StartLiveApp]:
    """Start the app with an environment of the test's own; it stops with the test."""
    with ExitStack() as apps:
        yield lambda environment: apps.enter_context(
            LiveApp(template=live_template, environment=environment)
        )


@pytest.fixture(scope="session")
def live_app(live_template: Path) -> Iterator[LiveApp]:
    """The app of `make run`: one worker, SQLite, recents in memory; tests share its data."""
    with LiveApp(template=live_template) as app:
        yield app


@pytest.fixture(scope="session")
def live_app_redis(live_template: Path, redis_server: RedisServer) -> Iterator[LiveApp]:
    """The app with two workers and recents in `redis_server`; tests share its data."""
    environment = {"REDIS_URL": redis_server.url, "WEB_CONCURRENCY": "2"}
    with LiveApp(template=live_template, environment=environment) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for the whole run."""
    # Playwright's synchronous interface keeps an event loop in this thread, in which Django
    # would refuse every query of the tests that come later.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with launch_chromium(playwright) as chromium:
            yield chromium


def launch_chromium(playwright: Playwright) -> Browser:
    """Start Debian's Chromium, unable to reach any host but this one."""
    arguments = [
        *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
        *("--disable-background-networking", "--disable-component-update"),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=arguments
    )


@contextmanager
def opening_pages(browser: Browser) -> Iterator[OpenPage]:
    """Open pages, each in a context of its own, to which the arguments go (`locale="es"`, …).

    Raises:
        AssertionError: at the end, if a page wrote an error to its console, or sent a request to
            another host.
    """
    faults: list[str] = []
    with ExitStack() as contexts:

        def open_one(**options: Any) -> Page:
            context = browser.new_context(**options)
            contexts.callback(context.close)
            page = context.new_page()
            _watch(page, faults)
            return page

        yield open_one
    assert faults == []


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page in a context of its own; the test fails at its end for errors on the page."""
    with opening_pages(browser) as open_one:
        yield open_one


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page that fails the test for console errors and for requests to other hosts."""
    return open_page()


def _watch(page: Page, faults: list[str]) -> None:
    """Collect what *page* does wrong in *faults*."""
    navigations: set[str] = set()

    def see_request(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.hostname not in {"127.0.0.1", "localhost"}:
            faults.append(f"request to another host: {request.method} {request.url}")

    def see_response(response: Response) -> None:
        if response.request.is_navigation_request():
            navigations.add(response.url)

    def see_console(message: ConsoleMessage) -> None:
        # Chromium also writes this for a page that was meant to be a 404 or a 422, and for a link
        # that is gone.
        url = message.location["url"]
        is_error_page = message.text.startswith("Failed to load resource") and (
            url in navigations or "/api/v1/shares/" in url
        )
        if message.type == "error" and not is_error_page:
            faults.append(f"console: {message.text} ({message.location['url']})")

    page.on("request", see_request)
    page.on("response", see_response)
    page.on("console", see_console)
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
