"""An address that cannot be listened on is one line, not a second server on it."""

import socket

import pytest
from django.core.exceptions import ImproperlyConfigured

from giropops.server import address
from tests.servers import HOST, free_port


@pytest.mark.parametrize("host", [HOST, "localhost", "0.0.0.0"])  # noqa: S104  # for a moment
def test_a_free_port_is_fine(host: str) -> None:
    address.check(host, free_port(), setting="PORT")


def test_a_taken_port_is_refused_even_when_its_owner_shares_it() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(ImproperlyConfigured) as caught:
            address.check(HOST, port, setting="METRICS_PORT")

    assert str(caught.value) == (
        f"cannot listen on {HOST}:{port} (Address already in use):"
        " choose another METRICS_PORT or HOST"
    )


@pytest.mark.parametrize(
    "host", ["x86_64-conda-linux-gnu", "no.such.invalid", "a" * 70, "192.0.2.1"]
)
def test_a_host_of_another_machine_is_named(host: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HOST"):
        address.check(host, free_port(), setting="PORT")


def test_an_ipv6_address_is_written_with_brackets() -> None:
    assert address.written("::1", 5000) == "[::1]:5000"
