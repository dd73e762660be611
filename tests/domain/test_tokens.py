"""Tokens: their form, their number, and that they decode to the requested number of bytes."""

import base64
import os
import re
import uuid
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passwords.domain import (
    RecipeError,
    TokenRecipe,
    draw,
    draw_many,
    stream,
)
from passwords.domain.errors import UnreachableStrengthError
from passwords.domain.strength import reaches
from passwords.domain.tokens import BASE58, BYTE_ALPHABETS, ENCODINGS, FIXED_SHAPES, sampler
from tests.domain.oracles import chi_square, critical_value
from tests.domain.sources import RepeatableBytes
from tests.domain.strategies import token_recipes


def _decoded(token: str, encoding: str) -> bytes:
    """Decode with the standard library, and insist on the one way to encode the bytes."""
    if encoding == "hex":
        decoded, again = bytes.fromhex(token), bytes.fromhex(token).hex()
    elif encoding == "base32":
        decoded = base64.b32decode(token + "=" * (-len(token) % 8))
        again = base64.b32encode(decoded).decode().rstrip("=")
    else:
        decoded = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        again = base64.urlsafe_b64encode(decoded).decode().rstrip("=")
    assert token == again
    return decoded


@given(token_recipes)
def test_each_token_decodes_to_the_requested_number_of_bytes(recipe: TokenRecipe) -> None:
    drawn = [draw(recipe), *draw_many(recipe, 2)]

    if recipe.encoding in BYTE_ALPHABETS:
        assert {len(_decoded(token, recipe.encoding)) for token in drawn} == {recipe.size}
        assert recipe.count == 256**recipe.size
    assert len(set(drawn)) == 3


def test_a_uuid_has_the_version_and_variant_of_a_random_one() -> None:
    recipe = TokenRecipe(encoding="uuid4")

    tokens = draw_many(recipe, 200)

    parsed = [uuid.UUID(token) for token in tokens]
    assert [str(value) for value in parsed] == tokens
    assert {(value.version, value.variant) for value in parsed} == {(4, uuid.RFC_4122)}
    assert recipe.entropy_bits == 122
    assert recipe.size == 16


def test_a_django_key_is_fifty_of_fifty_characters() -> None:
    from django.core.management.utils import get_random_secret_key  # noqa: PLC0415 - only here

    recipe = TokenRecipe(encoding="django")
    theirs = set("".join(get_random_secret_key() for _ in range(200)))

    ours = set("".join(draw_many(recipe, 200)))

    assert ours == theirs
    assert len(draw(recipe)) == recipe.size == len(get_random_secret_key()) == 50
    assert recipe.count == 50**50


@pytest.mark.parametrize(
    ("encoding", "pattern", "bits"),
    [
        ("rails", r"[0-9a-f]{128}", 512),
        ("laravel", r"base64:[A-Za-z0-9+/]{43}=", 256),
        ("fernet", r"[A-Za-z0-9_-]{43}=", 256),
        ("jwt-hs256", r"[A-Za-z0-9_-]{43}", 256),
        ("wireguard-psk", r"[A-Za-z0-9+/]{43}=", 256),
    ],
)
def test_a_key_is_written_as_its_software_reads_it(encoding: Any, pattern: str, bits: int) -> None:
    recipe = TokenRecipe(encoding=encoding)

    keys = draw_many(recipe, 50)

    assert all(re.fullmatch(pattern, key) for key in keys)
    assert recipe.count == 2**bits
    assert recipe.size == bits // 8
    if encoding != "rails":
        digits = [key.removeprefix("base64:").rstrip("=") for key in keys]
        as_base64url = [text.replace("+", "-").replace("/", "_") for text in digits]
        assert {len(_decoded(text, "base64url")) for text in as_base64url} == {recipe.size}


def _clamped(key: bytes) -> bytes:
    """Clamp a private key of X25519 (RFC 7748, section 5)."""
    return bytes([key[0] & 248, *key[1:31], key[31] & 127 | 64])


def test_the_private_keys_of_wireguard_are_all_clamped_keys_and_no_others() -> None:
    recipe = TokenRecipe(encoding="wireguard")
    shape = sampler(recipe)
    columns = [shape.alphabet] * shape.width
    for column, alphabet in shape.exceptions:
        columns[column] = alphabet

    drawn = [base64.b64decode(key, validate=True) for key in draw_many(recipe, 200)]
    clamped = [base64.b64encode(_clamped(os.urandom(32))) for _ in range(200)]

    assert drawn == [_clamped(key) for key in drawn]
    assert all(
        digit in allowed for key in clamped for digit, allowed in zip(key, columns, strict=True)
    )
    assert recipe.count == 2**251  # as many as there are clamped keys


@pytest.mark.parametrize("size", [16, 17, 32, 1024])
def test_base58_has_the_fewest_characters_with_the_entropy_of_the_bytes(size: int) -> None:
    recipe = TokenRecipe(encoding="base58", bytes=size)

    drawn = draw(recipe)

    assert set(drawn) <= set(BASE58.decode())
    assert 58 ** (len(drawn) - 1) < 256**size <= recipe.count == 58 ** len(drawn)


@pytest.mark.parametrize("encoding", sorted([*BYTE_ALPHABETS, "base58", *FIXED_SHAPES]))
def test_the_characters_of_each_column_are_spread_evenly(encoding: Any) -> None:
    lines = b"".join(
        stream(TokenRecipe(encoding=encoding), 20_000, random_bytes=RepeatableBytes(encoding))
    )
    width = lines.index(b"\n")

    for column in range(width):
        found = Counter(lines[column :: width + 1])

        if len(found) > 1:
            assert chi_square(found, found) < critical_value(len(found))


@given(st.integers(1, 2048), st.sampled_from(sorted(BYTE_ALPHABETS)))
def test_the_recipe_for_a_strength_is_the_shortest(bits: int, encoding: Any) -> None:
    recipe = TokenRecipe.for_bits(bits, encoding=encoding)

    assert recipe.bytes == max(16, -(-bits // 8))
    assert reaches(recipe.count, bits)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"encoding": "uuid4"}, "bits: cannot be reached: encoding allows at most 122.0 bits"),
        ({"encoding": "django"}, "bits: cannot be reached: encoding allows at most 282.1 bits"),
        ({"bytes": 16}, "bits: cannot be reached: bytes allows at most 128.0 bits"),
    ],
)
def test_a_strength_out_of_reach_names_what_stands_in_the_way(
    rules: dict[str, Any], message: str
) -> None:
    with pytest.raises(UnreachableStrengthError) as caught:
        TokenRecipe.for_bits(300, **rules)

    assert str(caught.value) == message


@pytest.mark.parametrize("encoding", sorted(FIXED_SHAPES))
def test_a_fixed_form_reaches_what_it_has(encoding: Any) -> None:
    recipe = TokenRecipe.for_bits(74, encoding=encoding)

    assert recipe == TokenRecipe(encoding=encoding)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            {"encoding": "base64"},
            f"encoding: must be one of {', '.join(ENCODINGS)}",
        ),
        ({"encoding": None}, "encoding: must be text"),
        ({"bytes": 15}, "bytes: must be between 16 and 1024"),
        ({"bytes": 1025}, "bytes: must be between 16 and 1024"),
        ({"bytes": True}, "bytes: must be a whole number"),
        (
            {"encoding": "uuid4", "bytes": 16},
            "bytes: must be left out when encoding is uuid4",
        ),
        (
            {"encoding": "django", "bytes": 50},
            "bytes: must be left out when encoding is django",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(rules: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        TokenRecipe(**rules)

    assert str(caught.value) == message
