"""A port that is taken is one line, not a second server on it."""

import socket

import pytest
from django.test import override_settings

from tests.servers import HOST, free_port
from tools import check_port


def test_a_free_port_is_announced(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()

    with override_settings(HOST=HOST, PORT=port, URL_PREFIX="/senhas"):
        check_port.main()

    assert capsys.readouterr().err == f"Serving on http://{HOST}:{port}/senhas/ until Ctrl-C\n"


def test_a_taken_port_is_refused_even_when_its_owner_shares_it() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        with override_settings(HOST=HOST, PORT=port), pytest.raises(SystemExit) as exit_info:
            check_port.main()

    assert str(exit_info.value) == (
        f"giropops: cannot listen on {HOST} port {port} (Address already in use):"
        " choose another, as in PORT=8000 make run"
    )
