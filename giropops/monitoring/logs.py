"""How log lines look, and what none of them holds, whoever writes it.

A line is an object of JSON, or text on a terminal. Whatever is logged goes through `redacted`: the
text of an exception is left out, since it may quote a value that was being worked on (Redis's and
PostgreSQL's do), and with it the value of a secret; of an exception its type and the places in the
code are told. Query strings and malformed requests, which gunicorn quotes, are cut off.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    ExcInfo = (
        tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    )

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered."""

REQUESTS_LOGGER: Final = "giropops.requests"

_QUERY: Final = re.compile(r"\?[^\s'\"]*")
_MALFORMED: Final = re.compile(r"(Invalid request from ip=\S+): .*", re.DOTALL)
# Line breaks and other control characters: a message must not look like another line.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def redacted(record: logging.LogRecord) -> str:
    """Return the record's message without anything that came from a client's hand or a value."""
    if isinstance(record.msg, BaseException):
        return type(record.msg).__name__
    if record.name == "django.request":  # "Internal Server Error: /path"
        return str(record.msg).partition(":")[0] if not record.args else _first(record.args)
    if isinstance(record.args, tuple):
        arguments = tuple(_argument(argument) for argument in record.args)
        message = str(record.msg) % arguments if arguments else str(record.msg)
    else:
        message = record.getMessage()
    message = _MALFORMED.sub(r"\1", _QUERY.sub("?…", message))
    return _CONTROL.sub(_escaped, message)


def frames(exc_info: ExcInfo) -> Iterator[str]:
    """Yield the type of each exception of the chain, and the places that it came through."""
    error = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for frame, line in traceback.walk_tb(error.__traceback__):
            code = frame.f_code
            yield f"{code.co_filename}:{line} {code.co_name}"
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


class JsonFormatter(logging.Formatter):
    """One object of JSON a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        request = getattr(record, "request_line", None)
        if request is not None:
            return f'{{"time":"{_time(record)}","level":"INFO","logger":"{record.name}",{request}}}'
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record),
        }
        if current := request_id.get():
            line["request_id"] = current
        if record.exc_info:
            line["exception"] = list(frames(record.exc_info))
        return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


class TextFormatter(logging.Formatter):
    """A line for people, with the places of an exception on lines of their own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        request = getattr(record, "request_line", None)
        message = request.replace('"', "").replace(",", " ") if request else redacted(record)
        line = f"{_time(record)} {record.levelname} {record.name} {message}"
        if record.exc_info:
            line = "\n  ".join([line, *frames(record.exc_info)])
        return line


def describe(*, fmt: str, requests: bool) -> dict[str, Any]:
    """Return the logging configuration, of Django and of gunicorn.

    Args:
        fmt: ``json``, ``text``, or ``auto``: text on a terminal.
        requests: whether each request is a line.
    """
    is_text = fmt == "text" or (fmt == "auto" and sys.stderr.isatty())
    formatter = TextFormatter if is_text else JsonFormatter
    inherit: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter.__name__}"}},
        "filters": {"untold": {"()": f"{__name__}.UntoldFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["untold"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {**inherit, "level": "WARNING"},
            "django.server": {**inherit, "level": "ERROR"},  # runserver's lines quote the URL
            "gunicorn.error": {**inherit, "level": "INFO"},
            REQUESTS_LOGGER: {**inherit, "level": "INFO" if requests else "CRITICAL"},
        },
    }


class UntoldFilter(logging.Filter):
    """Drops what the line of the request tells already: that its status was 400 or more."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether to keep the record."""
        return record.name != "django.request" or bool(record.exc_info)


def log_thread_errors() -> None:
    """Let what ends a thread be a line like any other; Python would print the exception's text."""

    def log(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            logging.getLogger(__name__).error(
                "a thread ended", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
            )

    threading.excepthook = log


def _first(arguments: Any) -> str:
    return str(arguments[0]) if isinstance(arguments, tuple) else ""


def _argument(argument: object) -> object:
    return type(argument).__name__ if isinstance(argument, BaseException) else argument


def _escaped(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"


def _time(record: logging.LogRecord) -> str:
    """Return the record's time as RFC 3339 writes it in UTC."""
    moment = datetime.fromtimestamp(record.created, tz=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
