"""One-way formats: the vectors, and the programs that check passwords accept the secret."""

import base64
import hashlib
import hmac
import os
import shutil
import subprocess
from typing import Any

import nacl.pwhash
import pytest

from passwords import domain, formats
from passwords.domain import RecipeError
from passwords.formats import choice, sha_crypt
from tests.formats.readers import written

SECRET = "correct horse"


def _text(wanted: str, secret: str = SECRET, **options: Any) -> str:
    return written(wanted, secret, random_bytes=os.urandom, **options).text


def _run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    if not shutil.which(command[0]):
        pytest.skip(f"needs {command[0]}")
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.mark.parametrize(
    ("algorithm", "secret", "salt", "rounds", "expected"),
    [
        (
            "sha512", SECRET, "abcdefghijklmnop", 5_000,
            "q2YZbPhm1LySTIzZVDisu/y2CX1McrFsw529ViOLMxoKT.sfgjBo4aFu.hwtGjEDxRb6mn/TZMj7V4/1AUTLi1",
        ),
        (
            "sha512", "pão", "abcdefghijklmnop", 10_000,
            "8SWCDIUGlPvR76LEi5NRr8DFYgmc8YLqIaGePhCAEcSwiiVz53Xl1j0cSm8/2Qv6vVDPjPczC/8UU0HOEKokE0",
        ),
        (
            "sha256", SECRET, "abcdefghijklmnop", 5_000,
            "eLlGDRRp0Ru9mPmgmlr4LXrFitzWX28EZT5eMNr5fN6",
        ),
        (
            "sha256", SECRET, "0123456789abcdefghij", 5_000,
            "1jJwl.VzcEtLB97ht.43ufz8oAFbOsN/V5IPlPexAs/",
        ),
    ],
)  # fmt: skip
def test_sha_crypt_gives_the_vectors(
    algorithm: Any, secret: str, salt: str, rounds: int, expected: str
) -> None:
    found = sha_crypt.hash_password(
        secret.encode(), salt.encode(), algorithm=algorithm, rounds=rounds
    )

    assert found == expected


def test_sha_crypt_gives_the_example_of_hashcat_for_mysql() -> None:
    salt = bytes.fromhex("F9CC98CE08892924F50A213B6BC571A2C11778C5")

    found = sha_crypt.hash_password(b"hashcat", salt, algorithm="sha256", rounds=5_000)

    expected = "625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647"
    assert found.encode().hex().upper() == expected + "562F"


@pytest.mark.parametrize(
    ("secret", "rounds"),
    [("A", 1_000), ("x" * 64, 1_234), ("é" * 32 + "1", 5_000), ("correct horse " * 18, 1_000)],
)
def test_mkpasswd_makes_the_same_hash_for_shadow(secret: str, rounds: int) -> None:
    text = _text("shadow", secret, rounds=rounds)
    salt = text.split("$")[-2]

    made = _run("mkpasswd", "-m", "sha512crypt", "-S", salt, "-R", str(rounds), "-s", input=secret)

    # mkpasswd names 5,000 rounds, too, which is the default.
    assert made.stdout.strip().replace("rounds=5000$", "") == text


def test_openssl_makes_the_same_hash_for_shadow() -> None:
    text = _text("shadow")

    made = _run("openssl", "passwd", "-6", "-salt", text.split("$")[2], SECRET)

    assert made.stdout.strip() == text


def test_a_user_makes_it_a_line_for_chpasswd() -> None:
    assert _text("shadow", user="ana").startswith("ana:$6$")


@pytest.mark.parametrize("cost", [5, 10])
def test_htpasswd_accepts_the_secret_and_no_other(cost: int, tmp_path: Any) -> None:
    pytest.importorskip("bcrypt")
    file = tmp_path / "users"
    file.write_text(_text("htpasswd", user="ana", cost=cost) + "\n")

    right = _run("htpasswd", "-vi", str(file), "ana", input=SECRET)
    wrong = _run("htpasswd", "-vi", str(file), "ana", input=SECRET + "!")

    assert (right.returncode, wrong.returncode) == (0, 3)


def test_the_salt_of_bcrypt_holds_the_random_bytes() -> None:
    bcrypt = pytest.importorskip("bcrypt")

    user, _, hashed = written("htpasswd", SECRET, user="ana", cost=5).text.partition(":")

    assert user == "ana"
    assert hashed.startswith("$2y$05$..CA.uOD/eaGAOmJB.yMBu")  # 000102…0f
    assert bcrypt.checkpw(SECRET.encode(), hashed.encode())


def test_a_line_for_a_compose_file_has_double_dollars() -> None:
    pytest.importorskip("bcrypt")
    text = _text("htpasswd", user="ana", cost=5, compose=True)

    assert text.count("$$") == text.count("$") // 2 == 3


def test_without_bcrypt_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bcrypt", None)
    wanted = formats.read({"as": "htpasswd", "user": "ana"})

    with pytest.raises(RecipeError, match="as: needs the Python package bcrypt"):
        wanted.check(domain.CharacterRecipe())


def test_the_scram_verifier_is_the_vector() -> None:
    assert written("postgres-scram", SECRET).text == (
        "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw=="
        "$yERwYmHlx0VrpoYfOn54hMTjBUKWnmK42IDjnWgQWkk="
        ":RQZr9F8QCYmmp35tAVzp0VB/kDwY283N+s24jDDliG4="
    )


def test_the_scram_verifier_is_of_the_text_as_postgresql_prepares_it() -> None:
    assert (
        written("postgres-scram", "ação").text == written("postgres-scram", "ac\u0327a\u0303o").text
    )


def test_the_scram_verifier_checks_the_example_of_rfc_7677() -> None:
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    salt = "W22ZaJ0SNY7soEsUEjb6gQ=="
    exchange = f"n=user,r={nonce[:20]},r={nonce},s={salt},i=4096,c=biws,r={nonce}".encode()
    proof = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")

    text = written("postgres-scram", "pencil", random_bytes=lambda _: base64.b64decode(salt)).text

    stored, server = map(base64.b64decode, text.rpartition("$")[2].split(":"))
    masked = hmac.digest(stored, exchange, "sha256")
    client = bytes(a ^ b for a, b in zip(proof, masked, strict=True))
    assert hashlib.sha256(client).digest() == stored
    signature = base64.b64encode(hmac.digest(server, exchange, "sha256"))
    assert signature == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_a_role_is_quoted_in_the_statement() -> None:
    text = _text("postgres-scram", user='a"b')

    assert text.startswith('ALTER ROLE "a""b" PASSWORD \'SCRAM-SHA-256$4096:')
    assert text.endswith("';")


def test_the_hash_for_mysql_is_the_vector() -> None:
    salt = "0123456789abcdefghij"
    places = bytes(sha_crypt.ALPHABET.index(sign) for sign in salt)

    text = written("mysql", SECRET, random_bytes=lambda _size: places).text

    assert text == f"$A$005${salt}1jJwl.VzcEtLB97ht.43ufz8oAFbOsN/V5IPlPexAs/"
    assert _text("mysql", user="ana").startswith(
        "ALTER USER 'ana' IDENTIFIED WITH caching_sha2_password AS '$A$005$"
    )


def test_libsodium_verifies_the_argon2id_hash() -> None:
    text = _text("argon2id")

    assert text.startswith("$argon2id$v=19$m=12288,t=3,p=1$")
    assert nacl.pwhash.verify(text.encode(), SECRET.encode())
    with pytest.raises(nacl.exceptions.InvalidkeyError):
        nacl.pwhash.verify(text.encode(), b"wrong")


@pytest.mark.parametrize(
    "wanted",
    [
        {"as": "htpasswd", "user": "ana", "cost": 5},
        {"as": "shadow"},
        {"as": "postgres-scram"},
        {"as": "mysql"},
        {"as": "argon2id"},
    ],
)
def test_two_documents_with_one_secret_have_different_salts(wanted: dict[str, Any]) -> None:
    if wanted["as"] == "htpasswd":
        pytest.importorskip("bcrypt")
    wanted_as = formats.read(wanted)

    assert wanted_as.format.is_one_way
    assert wanted_as.write(SECRET).text != wanted_as.write(SECRET).text


@pytest.mark.parametrize(
    ("wanted", "recipe", "secret"),
    [
        ({"as": "htpasswd", "user": "ana"}, domain.CharacterRecipe(length=73), "é" * 37),
        ({"as": "htpasswd", "user": "ana"}, domain.PassphraseRecipe(words=8), "x" * 73),
        ({"as": "shadow"}, domain.TokenRecipe(encoding="hex", bytes=129), "x" * 257),
        ({"as": "mysql"}, domain.TokenRecipe(encoding="hex", bytes=129), "x" * 257),
    ],
)
def test_secrets_that_are_too_long_are_refused_by_recipe_and_by_value(
    wanted: dict[str, Any], recipe: domain.Recipe, secret: str
) -> None:
    wanted_as = formats.read(wanted)

    with pytest.raises(RecipeError, match="as: takes secrets of at most"):
        wanted_as.check(recipe)
    with pytest.raises(RecipeError, match="as: takes secrets of at most"):
        wanted_as.write(secret)


def test_a_server_hashes_for_one_thread_at_a_time_and_writes_what_is_fast() -> None:
    slow, fast = formats.read({"as": "argon2id"}), formats.read({"as": "env", "name": "A"})

    with choice._hashing:
        with pytest.raises(formats.BusyError):
            slow.write_all([SECRET])
        assert len(fast.write_all([SECRET, SECRET])) == 2

    assert len(slow.write_all([SECRET, SECRET])) == 2


def test_a_secret_that_is_refused_leaves_the_server_free() -> None:
    wanted = formats.read({"as": "shadow"})

    with pytest.raises(RecipeError):
        wanted.write_all(["x" * 257])

    assert len(wanted.write_all([SECRET])) == 1
