"""Each request is one log line, and no line holds a secret, even if an exception quotes one."""

import io
import json
import logging
import os
import re
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.test import Client, RequestFactory, override_settings
from django.views.debug import ExceptionReporter

from giropops.monitoring import logs
from giropops.monitoring.error_reports import SilentReporter
from passwords import history, owners, services, signals
from passwords.formats import drawing
from passwords.recents import open_store
from tests.conftest import StartLiveApp
from tests.live import LiveApp

JSON = "application/json"
ROUNDS = 100


class QuotingError(Exception):
    """An exception whose text holds a secret."""


@pytest.fixture(params=["json", "text"])
def output(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged, at every level, as production writes it in either form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = {"json": logs.JsonFormatter, "text": logs.TextFormatter}[request.param]
    handler.setFormatter(formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every secret that is drawn, including those that were never sent."""
    values: list[str] = []
    draw_many = drawing.draw_many

    def note(*arguments: Any, **options: Any) -> list[str]:
        found = draw_many(*arguments, **options)
        values.extend(found)
        return list(found)

    monkeypatch.setattr(drawing, "draw_many", note)
    return values


def draw_on_all_channels(client: Client) -> list[bytes]:
    """Draw on every channel over HTTP; return the answers."""
    responses = [
        client.post("/", {"kind": "characters", "length": "24"}),
        client.post("/", {"tamanho": "24", "incluir_numeros": "on"}),
        client.post("/api/gerar-senha", {"tamanho": 24}, content_type=JSON),
        client.post(
            "/api/v1/secrets", {"kind": "token", "encoding": "age", "count": 3}, content_type=JSON
        ),
        client.post(
            "/api/v1/secrets",
            {"kind": "pattern", "format": {"as": "env", "name": "KEY"}},
            content_type=JSON,
        ),
    ]
    client.get("/api/senhas")
    client.get("/api/v1/recents")
    return [response.content for response in responses]


def explode_at(patch: pytest.MonkeyPatch, place: str, drawn: list[str]) -> None:
    """Let an exception that quotes all secrets so far be raised at *place*."""

    def boom(*_arguments: Any, **_options: Any) -> Any:
        error = QuotingError(f"{drawn}")
        error.add_note(str(drawn))
        raise error from ValueError(*drawn)

    targets: dict[str, tuple[Any, str]] = {
        "store": (type(open_store()), "add"),
        "history": (history.HistoryWriter, "write"),
        "cookie": (owners, "set_owner_cookie"),
        "items": (services, "RecentItem"),
        "signal": (signals.secrets_drawn, "send"),
    }
    target, name = targets[place]
    patch.setattr(target, name, boom)
    if place == "store":
        patch.setattr(target, "add_once", boom)  # of the page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("place", ["store", "history", "cookie", "items", "signal"])
def test_no_log_line_and_no_error_page_holds_a_secret(
    output: io.StringIO,
    drawn: list[str],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    debug: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    client = Client(raise_request_exception=False)
    explode_at(monkeypatch, place, drawn)

    with override_settings(DEBUG=debug):
        pages = [page for _ in range(ROUNDS // 50) for page in draw_on_all_channels(client)]

    logged = output.getvalue() + b"".join(pages).decode()
    assert len(drawn) == 7 * ROUNDS // 50
    assert "QuotingError" in output.getvalue()
    assert [value for value in drawn if value in logged] == []


@pytest.mark.django_db(transaction=True)
def test_a_thousand_secrets_leave_no_trace_in_the_log(
    output: io.StringIO, drawn: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    client = Client()

    with override_settings(DEBUG=True):
        for _ in range(ROUNDS):
            draw_on_all_channels(client)
        for _ in range(settings.RECENTS_LIMIT):
            item = client.get("/api/v1/recents").json()["recents"][0]["id"]
            client.post("/recents/qr", {"item": item})
            client.post("/recents/forget", {"item": item})
    call_command("generate", length=24, count=ROUNDS * 5, stdout=(result := io.StringIO()))
    commanded = result.getvalue().split()

    assert (len(drawn), len(commanded)) == (7 * ROUNDS, 5 * ROUNDS)
    assert output.getvalue()
    logged = output.getvalue() + capfd.readouterr().err
    assert [value for value in drawn + commanded if value in logged] == []


@pytest.mark.parametrize("debug", ["false", "true"])
def test_a_real_server_logs_no_secret_query_cookie_or_malformed_request(
    start_live_app: StartLiveApp, debug: str
) -> None:
    app = start_live_app({"DEBUG": debug, "LOG_FORMAT": "json"})
    found = []
    with requests.Session() as session:
        for _ in range(100):
            answer = session.post(f"{app.base_url}/api/gerar-senha", json={"tamanho": 24})
            found.append(answer.json()["senha"])
        found += session.cookies.values()
        for path in (f"/?q={found[0]}", f"/nowhere?q={found[1]}"):
            session.get(f"{app.base_url}{path}")
        found_in_header = f"{found[2]}\r\n broken : header"
    _send_raw(app, f"GET / HTTP/1.1\r\nHost: x\r\nX-Bad\x01: {found_in_header}\r\n\r\n")
    app.stop()

    assert [value for value in found if value in app.log] == []
    assert "Invalid request from ip=127.0.0.1" in app.log


def _send_raw(app: LiveApp, request: str) -> None:
    with socket.create_connection(("127.0.0.1", app.port), timeout=30) as stream:
        stream.sendall(request.encode())
        stream.recv(1000)


def test_every_line_of_a_server_is_json_and_each_request_is_one(
    start_live_app: StartLiveApp,
) -> None:
    app = start_live_app({})
    requests.get(f"{app.base_url}/healthz", timeout=30)
    requests.get(f"{app.base_url}/readyz", timeout=30)
    answer = requests.post(
        f"{app.base_url}/api/gerar-senha", json={}, timeout=30, headers={"X-Request-ID": "abc-1"}
    )
    other = requests.get(
        f"{app.base_url}/static/nothing.js", timeout=30, headers={"X-Request-ID": 'x","status":"0'}
    )
    app.stop()

    lines = [json.loads(line) for line in app.log.splitlines()]
    first, second = [line for line in lines if line["logger"] == logs.REQUESTS_LOGGER]
    assert answer.headers["X-Request-ID"] == "abc-1"
    assert first.pop("milliseconds") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("time"))
    assert first == {
        "level": "INFO",
        "logger": "giropops.requests",
        "request_id": "abc-1",
        "method": "POST",
        "route": "passwords:legacy-generate",
        "status": 200,
    }
    assert re.fullmatch("[0-9a-f]{16}", other.headers["X-Request-ID"])
    assert (second["request_id"], second["route"], second["status"]) == (
        *(other.headers["X-Request-ID"], "static", 404),
    )


def test_request_lines_can_be_turned_off(start_live_app: StartLiveApp) -> None:
    app = start_live_app({"LOG_REQUESTS": "false", "LOG_FORMAT": "text"})
    requests.get(f"{app.base_url}/", timeout=30)
    app.stop()

    assert logs.REQUESTS_LOGGER not in app.log
    assert " INFO gunicorn.error Serving on " in app.log


@pytest.mark.django_db(transaction=True)
def test_other_lines_of_a_request_carry_its_id(client: Client, output: io.StringIO) -> None:
    client.get("/nowhere", headers={"x-request-id": "trace.me", "host": "strange.example"})

    assert "strange.example" in output.getvalue()
    if output.getvalue().startswith("{"):
        ids = {json.loads(line).get("request_id") for line in output.getvalue().splitlines()}
        assert ids == {"trace.me"}


def a_record(message: object, *arguments: object, name: str = "x") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "", 0, message, arguments, None)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (a_record(ValueError("quoted")), "ValueError"),
        (a_record("failed: %s", ValueError("quoted")), "failed: ValueError"),
        (a_record("Error handling request %s", "/a?b=quoted"), "Error handling request /a?…"),
        (a_record("a\nfake line\u2028"), "a\\x0afake line\\x2028"),
        (
            a_record("%s: %s", "Internal Server Error", "/quoted", name="django.request"),
            "Internal Server Error",
        ),
        (
            a_record("Broken pipe from /quoted: x", name="django.request"),
            "Broken pipe from /quoted",
        ),
        (a_record("%(count)d rows", {"count": 3}), "3 rows"),
    ],
)
def test_a_message_holds_nothing_that_came_from_outside(
    record: logging.LogRecord, expected: str
) -> None:
    assert logs.redacted(record) == expected


def test_an_exception_is_logged_as_types_and_places(output: io.StringIO) -> None:
    try:
        try:
            os.environ["QUOTED"]
        except KeyError as error:
            raise QuotingError("quoted") from error
    except QuotingError:
        logging.getLogger("x").exception("it failed")

    logged = output.getvalue()
    assert "quoted" not in logged.lower().replace("quotingerror", "")
    assert "builtins.KeyError" in logged
    assert f"{__name__}.QuotingError" in logged
    assert re.search(r"test_logs\.py:\d+ test_an_exception_is_logged", logged)


def test_the_exception_that_ends_a_thread_is_logged_without_its_text(output: io.StringIO) -> None:
    hook = threading.excepthook

    def fail() -> None:
        raise QuotingError("quoted")

    logs.log_thread_errors()
    try:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    finally:
        threading.excepthook = hook

    assert "a thread ended" in output.getvalue()
    assert "quoted" not in output.getvalue()


@pytest.mark.parametrize(
    ("fmt", "is_terminal", "expected"),
    [
        ("auto", True, "Text"),
        ("auto", False, "Json"),
        ("json", True, "Json"),
        ("text", False, "Text"),
    ],
)
def test_a_terminal_gets_text_unless_json_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
    fmt: str,
    is_terminal: bool,  # noqa: FBT001  # a parameter of the test
    expected: str,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal, raising=False)

    described = logs.describe(fmt=fmt, requests=True)

    assert described["formatters"]["line"]["()"].endswith(f".{expected}Formatter")


def test_a_debug_page_shows_no_text_cookie_or_query() -> None:
    private = [secrets.token_hex() for _ in range(5)]
    request = RequestFactory().post(
        f"/?q={private[0]}", {"field": private[1]}, headers={"cookie": f"a={private[2]}"}
    )

    def fail(raise_it: Callable[[], None]) -> None:
        try:
            raise_it()
        except ValueError as error:
            raise QuotingError(private[4]) from error

    def cause() -> None:
        raise ValueError(private[3])

    with pytest.raises(QuotingError) as caught:
        fail(cause)
    reporter = SilentReporter(request, caught.type, caught.value, caught.tb)
    report = reporter.get_traceback_html() + reporter.get_traceback_text()

    assert isinstance(reporter, ExceptionReporter)
    assert "ValueError" in report
    assert [value for value in private if value in report] == []
