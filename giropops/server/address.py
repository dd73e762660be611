"""Check and format the addresses that gunicorn listens on."""

import os
import socket

from django.core.exceptions import ImproperlyConfigured


def written(host: str, port: int) -> str:
    """Return the address as in a URL: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check(host: str, port: int, *, setting: str) -> None:
    """Listen on the address for a moment, to find out whether gunicorn can.

    gunicorn itself does not notice a port that another server uses: its workers listen with
    SO_REUSEPORT, so the kernel would divide the requests between both servers. And if its workers
    cannot listen, gunicorn restarts them without end.

    Raises:
        ImproperlyConfigured: another program uses the port, or the host is not on this machine.
    """
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise ImproperlyConfigured("HOST takes a name or an address of this machine") from None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise ImproperlyConfigured(
            f"cannot listen on {written(host, port)} ({reason}): choose another {setting} or HOST"
        ) from None
