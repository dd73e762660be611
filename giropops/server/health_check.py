"""Ask the app of this container whether it is ready: exit code 0 when it is, 1 when not.

    python -m giropops.server.health_check

It reads HOST and PORT alone, so that it starts at once and needs no key.
"""

from __future__ import annotations

import http.client
import os
import sys
from http import HTTPStatus
from typing import Final

PATH: Final = "/readyz"
TIMEOUT_SECONDS: Final = 2.0
_ANY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # read, not bound to


def is_healthy(host: str, port: int) -> bool:
    """Say whether the app on that address answers *PATH* with 200 in time."""
    connection = http.client.HTTPConnection(
        _ANY_ADDRESS.get(host, host), port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> None:
    """Exit with the answer."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "5000"))
    sys.exit(0 if is_healthy(host, port) else 1)


if __name__ == "__main__":
    main()
