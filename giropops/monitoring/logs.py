"""The format of log lines, and what is removed from each of them.

A line is a JSON object, or text on a terminal. Every message goes through `redacted`. An exception
is logged as its type and its places in the code, without its text: errors of Redis and PostgreSQL
may quote values, and so a secret. Query strings are removed too.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the current request."""

REQUESTS_LOGGER: Final = "giropops.requests"

_QUERY: Final = re.compile(r"\?[^\s'\"]*")
# Line breaks and other control characters: one message must not look like two lines.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def redacted(record: logging.LogRecord) -> str:
    """Return the record's message without exception texts, query strings and control characters."""
    if isinstance(record.msg, BaseException):
        return type(record.msg).__name__
    if isinstance(record.args, tuple):
        arguments = tuple(
            type(argument).__name__ if isinstance(argument, BaseException) else argument
            for argument in record.args
        )
        message = str(record.msg) % arguments if arguments else str(record.msg)
    else:
        message = record.getMessage()
    if record.name == "django.request":  # "Internal Server Error: /path"
        message = message.partition(":")[0]
    return _CONTROL.sub(_escaped, _QUERY.sub("?…", message))


def frames(exc_info: ExcInfo) -> Iterator[str]:
    """Yield the places in the code and the type of each exception of the chain."""
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
    """Writes each record as one JSON object."""

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
    """Writes each record as a line of text; an exception takes further lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        request = getattr(record, "request_line", None)
        message = request.replace('"', "").replace(",", " ") if request else redacted(record)
        line = f"{_time(record)} {record.levelname} {record.name} {message}"
        if record.exc_info:
            line = "\n  ".join([line, *frames(record.exc_info)])
        return line


def describe(*, fmt: str, requests: bool) -> dict[str, Any]:
    """Return the logging configuration of Django and gunicorn.

    *fmt* is ``json``, ``text``, or ``auto``: text on a terminal, otherwise JSON.
    """
    # No line says them (Python's Logging HOWTO, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    is_text = fmt == "text" or (fmt == "auto" and sys.stderr.isatty())
    formatter = TextFormatter if is_text else JsonFormatter
    inherit: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter.__name__}"}},
        "filters": {"duplicates": {"()": f"{__name__}.DuplicateFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["duplicates"],
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


class DuplicateFilter(logging.Filter):
    """Drops Django's line about a status of 400 or more: the line of the request has it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether to keep the record."""
        return record.name != "django.request" or bool(record.exc_info)


def log_thread_errors() -> None:
    """Log the exception that ends a thread; Python itself would print the exception's text."""

    def log(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            logging.getLogger(__name__).error(
                "a thread ended", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
            )

    threading.excepthook = log


def _escaped(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"


def _time(record: logging.LogRecord) -> str:
    """Return the record's time in UTC, in the format of RFC 3339."""
    moment = datetime.fromtimestamp(record.created, tz=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
