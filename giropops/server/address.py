"""The addresses to serve on: whether they can be listened on, and how they are written."""

from __future__ import annotations

import os
import socket


class AddressError(Exception):
    """The app cannot listen on an address; the message names the setting at fault."""


def written(host: str, port: int) -> str:
    """Return the address as in a URL; an IPv6 address has brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check(host: str, port: int, *, setting: str) -> None:
    """Listen on the address for a moment.

    gunicorn would not notice that it is taken: its workers listen with SO_REUSEPORT, so that the
    kernel would divide the requests between two servers. And where the address cannot be listened
    on, it would start one worker after the other for ever.

    Args:
        host: a name or an address.
        port: a port.
        setting: the setting that holds the port.

    Raises:
        AddressError: another program listens on it, or the host is none of this machine.
    """
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise AddressError("HOST takes a name or an address of this machine") from None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise AddressError(
            f"cannot listen on {written(host, port)} ({reason}): choose another {setting} or HOST"
        ) from None
