"""Say where the app is going to be served, or in one line why it cannot be there.

Gunicorn does neither: its workers listen with SO_REUSEPORT, so that it names no address, and a
second gunicorn does not fail: the kernel deals the requests out between the two.
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
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sys.stderr.write(f"Serving on http://{authority}{settings.URL_PREFIX}/ until Ctrl-C\n")


if __name__ == "__main__":
    main()
