"""The container's health check: exit code 0 if the app is ready, otherwise 1.

    python -m giropops.server.health_check

It reads only HOST and PORT, so it starts fast and needs no keys.
"""

import http.client
import os
import sys
from http import HTTPStatus
from typing import Final

PATH: Final = "/readyz"
TIMEOUT_SECONDS: Final = 2.0
_ANY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # connects to it, does not listen


def is_healthy(host: str, port: int) -> bool:
    """Return whether the app at this address answers *PATH* with 200 in time."""
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
    """Exit with the result."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "5000"))
    sys.exit(0 if is_healthy(host, port) else 1)


if __name__ == "__main__":
    main()
