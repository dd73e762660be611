"""The address for authenticator apps has a key that gives the codes of RFC 6238."""

import base64
import hmac
import struct
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from passwords import domain, formats
from passwords.domain import RecipeError
from tests.formats.readers import written

# RFC 6238, appendix B: the key, and the code of eight digits at 59 seconds.
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
CODE = 94287082


def test_the_address_is_as_apps_read_it() -> None:
    text = written("otpauth", KEY, issuer="Casa & Cia", account="ana@example.com").text

    assert text == (
        "otpauth://totp/Casa%20%26%20Cia:ana%40example.com"
        f"?secret={KEY}&issuer=Casa%20%26%20Cia&algorithm=SHA1&digits=6&period=30"
    )


def test_a_slash_does_not_end_the_name_of_the_service() -> None:
    text = written("otpauth", KEY, issuer="A/B", account="a/b").text

    assert text.startswith("otpauth://totp/A%2FB:a%2Fb?")


def test_an_app_that_reads_it_shows_the_code_of_the_rfc() -> None:
    parts = urlsplit(written("otpauth", KEY, issuer="João", account="ana").text)
    fields = parse_qs(parts.query)

    key = base64.b32decode(fields["secret"][0])
    digest = hmac.digest(key, struct.pack(">Q", 59 // int(fields["period"][0])), "sha1")
    place = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[place : place + 4])

    assert (number & 0x7FFFFFFF) % 10**8 == CODE
    assert unquote(parts.path) == "/João:ana"
    assert fields["issuer"] == ["João"]


@pytest.mark.parametrize("size", [16, 20, 32])
def test_a_token_in_base32_of_any_size_is_a_key(size: int) -> None:
    recipe = domain.TokenRecipe(encoding="base32", bytes=size)
    choice = formats.read({"as": "otpauth", "issuer": "Casa", "account": "ana"})

    choice.check(recipe)
    choice.write(domain.draw(recipe))


@pytest.mark.parametrize(
    "recipe",
    [
        domain.CharacterRecipe(lowercase=False, digits=False, symbols="", length=32),
        domain.TokenRecipe(encoding="hex"),
        domain.PinRecipe(),
    ],
)
def test_other_recipes_are_refused(recipe: domain.Recipe) -> None:
    choice = formats.read({"as": "otpauth", "issuer": "Casa", "account": "ana"})

    with pytest.raises(RecipeError, match=r"^as: takes only tokens in Base32"):
        choice.check(recipe)


@pytest.mark.parametrize("secret", ["correct horse", "ABC", "gezdgnbv"])
def test_a_secret_that_is_not_base32_is_refused(secret: str) -> None:
    with pytest.raises(RecipeError, match=r"^as: takes only tokens in Base32"):
        written("otpauth", secret, issuer="Casa", account="ana")


def test_neither_name_has_a_colon() -> None:
    with pytest.raises(RecipeError, match=r"^issuer: "):
        formats.read({"as": "otpauth", "issuer": "a:b", "account": "ana"})
