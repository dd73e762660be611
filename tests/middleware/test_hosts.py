"""Which host names the app accepts, and its response to another one."""

import logging
from typing import Final

import pytest
from django.test import Client, override_settings

from giropops.conf.environment import hosts

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PUBLIC: Final = "rebound.example.com"


def status_of(host: str, path: str = "/") -> int:
    return Client(headers={"host": host}).get(path).status_code


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "[::1]", "10.244.0.7:5000", "192.168.56.10", "[fd00::7]:5000"),
        *("giropops-senhas", "giropops-senhas:5000", "GIROPOPS-SENHAS", "app", "localhost."),
        *("senhas.localhost", "laptop.local:5000", "vm.eu.internal", "giropops-senhas.default.svc"),
        *("giropops-senhas.default.svc.cluster.local:5000", "Giropops.Default.Svc.Cluster.Local."),
    ],
)
def test_without_the_setting_the_names_of_a_local_network_are_served(host: str) -> None:
    assert status_of(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        *(PUBLIC, f"{PUBLIC}:5000", "127.0.0.1.example.com", "10.0.0.1.nip.io", "1.2.3"),
        *("local.example.com", "notlocal.com", "evil-local.com", "svc.example", "cluster.local.io"),
        *("localhost.example.com", "internal.com.", "0x7f.0.0.1"),
    ],
)
def test_without_the_setting_a_public_name_is_refused(host: str) -> None:
    assert status_of(host) == 400


@override_settings(HOST="Senhas.Example.com")
def test_a_name_that_is_listened_on_is_served() -> None:
    assert status_of("senhas.example.com:5000") == 200
    assert status_of("www.senhas.example.com") == 400


@override_settings(ALLOWED_HOSTS=[".example.com", "[fd00::7]"], ONLY_LOCAL_HOSTS=False)
def test_with_the_setting_only_its_names_are_served() -> None:
    served = ["example.com", "senhas.example.com:443", "[fd00::7]:5000"]
    refused = ["localhost", "127.0.0.1", "giropops-senhas", "vm.internal", "example.org"]

    assert {status_of(host) for host in served} == {200}
    assert {status_of(host) for host in refused} == {400}


def test_an_ipv6_address_in_the_setting_needs_no_brackets() -> None:
    assert hosts("FD00:0::7,[::1],10.0.0.1") == ["[fd00::7]", "[::1]", "10.0.0.1"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_need_no_host(path: str) -> None:
    assert status_of(PUBLIC, path) == 200
    assert status_of("a_b!", path) == 200


def test_the_page_and_the_api_name_the_host_and_the_setting() -> None:
    client = Client(headers={"host": PUBLIC})
    in_portuguese = (
        f"Este aplicativo não responde pelo host {PUBLIC}. Se este é o endereço dele, inclua-o na"
        " configuração ALLOWED_HOSTS."
    )
    in_english = (
        f"This app does not answer to the host {PUBLIC}. If that is its address, name it in the"
        " setting ALLOWED_HOSTS."
    )

    page = client.get("/", headers={"accept-language": "pt-br"})
    api = client.get("/api/senhas", headers={"accept-language": "en"})

    assert page.status_code == api.status_code == 400
    assert in_portuguese in page.content.decode()
    assert page.headers["Content-Security-Policy"]
    assert api.json() == {"errors": {"request": [in_english]}}


@pytest.mark.parametrize(
    "host", ["<script>alert(1)</script>", f"{'a' * 262}.com", "a\x7fb", "a b", "ö.x"]
)
def test_a_malformed_host_is_not_repeated(host: str, caplog: pytest.LogCaptureFixture) -> None:
    response = Client(headers={"host": host}).get("/")

    assert response.status_code == 400
    assert "(malformed)" in response.content.decode()
    assert host not in response.content.decode()
    assert host not in caplog.text


def test_a_name_with_an_underscore_is_reported_as_invalid() -> None:
    response = Client(headers={"host": "giropops_senhas:5000", "accept-language": "en"}).get("/")

    assert response.status_code == 400
    assert "giropops_senhas:5000 is not a valid name" in response.content.decode()


def test_many_refusals_are_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(headers={"host": PUBLIC})

    for path in ("/", "/api/senhas", "/admin/"):
        client.get(path)

    (record,) = [record for record in caplog.records if record.name == "giropops.middleware.hosts"]
    assert record.getMessage() == f"Host {PUBLIC} refused: it is not in ALLOWED_HOSTS"
    assert record.levelno == logging.WARNING
    assert record.exc_info is None
