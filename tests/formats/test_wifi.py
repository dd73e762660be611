"""The text of a Wi-Fi QR code, as phones read it."""

from typing import Any

import pytest

from passwords import domain, formats
from passwords.domain import RecipeError
from tests.formats.readers import written


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
    assert written("wifi", secret, network=network).text == text


def test_a_hidden_network_and_wpa3_alone_are_named() -> None:
    text = written("wifi", "correct horse", network="Casa", security="SAE", hidden=True).text

    assert text == "WIFI:T:SAE;S:Casa;P:correct horse;H:true;;"


@pytest.mark.parametrize("network", ["", "x" * 33, "é" * 17, "a\nb", "\ud800"])
def test_a_name_has_1_to_32_printable_bytes(network: str) -> None:
    with pytest.raises(RecipeError, match=r"^network: "):
        formats.read({"as": "wifi", "network": network})


@pytest.mark.parametrize("secret", ["1234567", "x" * 64, "f" * 65, "é" * 10])
def test_a_password_has_8_to_63_characters_or_is_a_key(secret: str) -> None:
    with pytest.raises(RecipeError, match=r"^as: The password of a network"):
        written("wifi", secret, network="Casa")


@pytest.mark.parametrize(
    ("recipe", "fits"),
    [
        (domain.CharacterRecipe(length=63), True),
        (domain.CharacterRecipe(length=64), False),
        (domain.PinRecipe(length=7), False),
        (domain.PassphraseRecipe(words=6), True),
        (domain.PassphraseRecipe(words=7), False),
        (domain.TokenRecipe(encoding="hex"), True),
        (domain.TokenRecipe(encoding="hex", bytes=33), False),
    ],
)
def test_recipes_with_other_secrets_are_refused(recipe: domain.Recipe, *, fits: bool) -> None:
    choice = formats.read({"as": "wifi", "network": "Casa"})

    if fits:
        choice.write(domain.draw(recipe))
        choice.check(recipe)
    else:
        with pytest.raises(RecipeError, match=r"^as: "):
            choice.check(recipe)


def test_a_network_has_no_other_security() -> None:
    values: dict[str, Any] = {"as": "wifi", "network": "Casa", "security": "WEP"}

    with pytest.raises(RecipeError, match=r"^security: must be one of WPA, SAE"):
        formats.read(values)
