"""The client's address: which entry is believed, how it is written, and what limits count."""

import pytest
from django.test import RequestFactory, override_settings

from passwords.client_address import client_address, counted_address


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.9.9.9, 198.51.100.7", "198.51.100.7"),
        (2, "10.9.9.9, 198.51.100.7, 203.0.113.5", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "nonsense", None),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", None),
    ],
)
def test_only_entries_of_trusted_proxies_are_read(
    trusted: int, forwarded: str, expected: str | None
) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})

    with override_settings(TRUSTED_PROXIES=trusted):
        assert client_address(request) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("198.51.100.7:61234", "198.51.100.7"),
        ("[2001:db8::1]:61234", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        (" 198.51.100.7:1 ", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("[::ffff:198.51.100.7]:80", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("198.51.100.7:", None),
        ("198.51.100.7:port", None),
        ("198.51.100.7:123456", None),
        ("[2001:db8::1]:", None),
        ("[]", None),
        ("[198.51.100.7", None),
        ("unknown", None),
    ],
)
@override_settings(TRUSTED_PROXIES=1)
def test_an_address_may_be_written_with_its_port(written: str, expected: str | None) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": written})

    assert client_address(request) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", None),
    ],
)
def test_limits_count_an_ipv6_client_by_its_64(address: str, expected: str | None) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=address)

    assert counted_address(request) == expected
