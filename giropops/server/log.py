"""gunicorn's own log, without a line for each request: the app writes that one itself."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """What happens to the server and its workers."""

    def access(self, *_answer: Any) -> None:
        """Leave the request to `giropops.requests`, and save what gunicorn would gather for it."""

    def info(self, msg: str, *args: Any, **options: Any) -> None:
        """Leave out the line that names no address: the workers listen, not the arbiter."""
        if not msg.startswith("Listening at"):
            super().info(msg, *args, **options)
