"""Say in one line that somebody else listens on HOST and PORT, before gunicorn joins in.

Its workers listen with SO_REUSEPORT, so that a second gunicorn would not fail: the kernel would
deal the requests out between the two.
"""

import os
import socket
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def listen_once(host: str, port: int) -> None:
    """Listen on the address for a moment.

    Raises:
        OSError: the address is taken, or is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    socket.create_server((host, port), family=family).close()


def main() -> None:
    """Check the address that the settings name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")
    try:
        host, port = settings.HOST, settings.PORT
    except ImproperlyConfigured as error:
        sys.exit(f"giropops: {error}")
    try:
        listen_once(host, port)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        sys.exit(
            f"giropops: cannot listen on {host} port {port} ({reason}):"
            " choose another, as in PORT=8000 make run"
        )


if __name__ == "__main__":
    main()
