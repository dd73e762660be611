"""The text of a Wi-Fi QR code, as phones read it."""

import pytest

from passwords.presentation.wifi import WifiError, join_text


@pytest.mark.parametrize(
    ("network", "secret", "text"),
    [
        ("Casa", "correct horse", "WIFI:T:WPA;S:Casa;P:correct horse;;"),
        # The vector of the ZXing wiki's rules.
        ('Casa; "Ana"', r"a,b:c\d89", r"WIFI:T:WPA;S:Casa\; \"Ana\";P:a\,b\:c\\d89;;"),
        ("cafe", "12345678", 'WIFI:T:WPA;S:"cafe";P:"12345678";;'),
        ("Café", "a" * 62 + "z", f"WIFI:T:WPA;S:Café;P:{'a' * 62}z;;"),
        ("Casa", "ab" * 32, f"WIFI:T:WPA;S:Casa;P:{'ab' * 32};;"),
    ],
)
def test_the_text_names_the_network_and_its_password(network: str, secret: str, text: str) -> None:
    assert join_text(network=network, secret=secret) == text


@pytest.mark.parametrize("network", ["", "x" * 33, "é" * 17, "a\nb"])
def test_a_name_has_1_to_32_printable_bytes(network: str) -> None:
    with pytest.raises(WifiError):
        join_text(network=network, secret="correct horse")


@pytest.mark.parametrize("secret", ["1234567", "x" * 64, "f" * 65])
def test_a_password_has_8_to_63_characters_or_is_a_key(secret: str) -> None:
    with pytest.raises(WifiError):
        join_text(network="Casa", secret=secret)
