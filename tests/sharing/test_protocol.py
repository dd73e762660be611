"""The format "share 1", with vectors that three implementations agree on."""

import hashlib
from contextlib import suppress
from typing import Final

import pytest
from nacl.exceptions import UnavailableError

from passwords.sharing import protocol
from passwords.sharing.errors import InvalidLinkError, NoAesError, UnsealError
from passwords.sharing.protocol import LinkKey

FRAGMENT: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
KEY: Final = LinkKey(bytes(range(32)))
ID: Final = "c7f723c9536295e4133e9ceab28dd2fa"
NONCE: Final = bytes.fromhex("a0a1a2a3a4a5a6a7a8a9aaab")
TEXT: Final = 'S3nha; "çãé" 🔑'
PASSPHRASE: Final = "açaí-pão-42"
PLAIN: Final = {
    "enc": "1c761191ca4dc1907e7a4c091dca589d8cea568f179fa7ba57d63bcee7cb06ea",
    "read": "8330b1da0d9e359a24b919f76b48dbbe7e366660d690d615b1ba31aa70148885",
    "verifier": "1aaf57a0d44fa8df50df9be64233f2aa34413176c5bcf74fc439972896e6f8c7",
    "blob": "AQCgoaKjpKWmp6ipqqvLiIo5ZifqXcIyXlIsAEedmqraFS0es27uk4dwwW9zirKsX1c",
    "padded": "60801ca946e923afea81823d291fc64c70eef1374708f27db96577eea8039d75",
}
LOCKED: Final = {
    "enc": "cc6dcf058733a2d3ee4f172c780ca5de5fbd0c64872ce531fb03f2e6ca49abb7",
    "read": "3d924d0cbb2efc977702666ef00bb46b16eae09cce40e20f6f514950d89e7ccd",
    "verifier": "a077acddb3dd077daf864a05fcba0ae4e7defc1fd3b77d426b1a467d4d3e4305",
    "blob": "AQGgoaKjpKWmp6ipqqsIp9EafCposOnqwIX_NCQQLP-4gmGFufy-rCqj0jorFVYX4LU",
    "padded": "6963e4d1fcb0ef20098268975d9fc90fadf72fd936f56148dc82bad8b72d26d7",
}


@pytest.mark.parametrize(("passphrase", "vector"), [(None, PLAIN), (PASSPHRASE, LOCKED)])
def test_keys_and_sealed_texts_are_those_of_the_vectors(
    passphrase: str | None, vector: dict[str, str]
) -> None:
    keys = KEY.unlock(passphrase)

    assert keys.share_id.hex() == ID
    assert keys.encryption_key.hex() == vector["enc"]
    assert keys.proof.hex() == vector["read"]
    assert keys.verifier.hex() == vector["verifier"]
    assert protocol.encode(protocol._seal(keys, TEXT.encode(), NONCE)) == vector["blob"]
    padded = protocol._seal(keys, protocol.pad(TEXT.encode()), NONCE)
    assert hashlib.sha256(padded).hexdigest() == vector["padded"]
    assert protocol.unseal(keys, padded) == TEXT


def test_a_passphrase_may_be_typed_in_another_normal_form() -> None:
    decomposed = "ac\u0327ai\u0301-pa\u0303o-42"

    assert KEY.unlock(decomposed).proof.hex() == LOCKED["read"]


@pytest.mark.parametrize(
    "text", [FRAGMENT, f"https://host/s#{FRAGMENT}", f"  http://h/prefix/s#{FRAGMENT}\n"]
)
def test_a_key_is_read_from_a_link_or_alone(text: str) -> None:
    key = LinkKey.parse(text)

    assert key == KEY
    assert key.fragment == FRAGMENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://host/s",
        "https://host/s#",
        FRAGMENT[:-1],
        f"{FRAGMENT}A",
        FRAGMENT.replace("A", "+"),
        f"{FRAGMENT[:-1]}9",  # the same 32 bytes, with a bit that must be zero
        f"https://host/s#{FRAGMENT}?x",
        "é" * 43,
    ],
)
def test_a_text_without_a_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidLinkError):
        LinkKey.parse(text)


@pytest.mark.parametrize("text", ["", "a", "é" * 255, "x" * 255, "x" * 256, "€" * 10_000, "\x80\0"])
def test_a_text_comes_back_and_its_exact_length_is_hidden(text: str) -> None:
    keys = LinkKey.draw().unlock(None)

    sealed = protocol.seal(keys, text)

    assert protocol.unseal(keys, sealed) == text
    assert (len(sealed) - protocol.OVERHEAD_BYTES) % 256 == 0
    assert protocol.has_format(sealed, has_passphrase=False)


def test_each_sealing_has_another_nonce() -> None:
    keys = KEY.unlock(None)

    assert protocol.seal(keys, TEXT)[:14] != protocol.seal(keys, TEXT)[:14]


def test_every_changed_byte_is_noticed() -> None:
    keys = KEY.unlock(None)
    sealed = protocol.seal(keys, TEXT)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(UnsealError):
            protocol.unseal(keys, bytes(changed))


def test_another_key_does_not_open() -> None:
    sealed = protocol.seal(KEY.unlock(None), TEXT)

    with pytest.raises(UnsealError):
        protocol.unseal(LinkKey.draw().unlock(None), sealed)


@pytest.mark.parametrize(
    "padded", [b"x" * 256, bytes(256), b"\x80" + bytes(511), b"\xff\x80" + bytes(254)]
)
def test_a_text_without_right_padding_or_not_in_utf_8_is_refused(padded: bytes) -> None:
    keys = KEY.unlock(None)

    with pytest.raises(UnsealError):
        protocol.unseal(keys, protocol._seal(keys, padded, NONCE))


def test_a_text_that_is_not_padded_is_refused() -> None:
    sealed = protocol.decode(PLAIN["blob"])

    assert not protocol.has_format(sealed, has_passphrase=False)
    with pytest.raises(UnsealError):
        protocol.unseal(KEY.unlock(None), sealed)


@pytest.mark.parametrize("text", ["A", "AA==", "A A", "é", "AA+A"])
def test_only_base64url_without_padding_is_decoded(text: str) -> None:
    with pytest.raises(InvalidLinkError):
        LinkKey.parse(text)
    with suppress(ValueError):
        pytest.fail(repr(protocol.decode(text)))


def test_no_key_is_shown() -> None:
    keys = KEY.unlock(None)

    shown = repr(KEY) + repr(keys) + str(keys)

    for value in (KEY.value, keys.encryption_key, keys.proof):
        assert value.hex() not in shown
        assert repr(value) not in shown
    assert FRAGMENT not in shown


def test_a_processor_without_aes_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> bytes:
        raise UnavailableError

    keys = KEY.unlock(None)
    sealed = protocol.seal(keys, TEXT)
    monkeypatch.setattr(protocol, "crypto_aead_aes256gcm_encrypt", refuse)
    monkeypatch.setattr(protocol, "crypto_aead_aes256gcm_decrypt", refuse)

    with pytest.raises(NoAesError):
        protocol.seal(keys, TEXT)
    with pytest.raises(NoAesError):
        protocol.unseal(keys, sealed)
    assert not protocol.has_aes.__wrapped__()


def test_this_processor_has_aes() -> None:
    assert protocol.has_aes()
