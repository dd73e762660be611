"""Key pairs: the vectors, and the programs that they are for."""

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from passwords import domain
from passwords.domain.tokens import ENCODINGS
from passwords.formats import drawing, key_pairs
from passwords.formats.key_pairs import public_half

SEED = bytes(range(32))
WIREGUARD = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHl8="
SSH_PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
AGE_IDENTITY = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG"


def _run(*command: str, given: str = "") -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _drawn(encoding: str, count: int = 3) -> list[str]:
    return drawing.draw_many(domain.build("token", {"encoding": encoding}), count)


def _private_file(folder: Path, secret: str) -> str:
    path = folder / "id_ed25519"
    path.touch(mode=0o600)
    path.write_text(secret, encoding="ascii")
    return str(path)


def test_the_keys_are_those_of_the_vectors() -> None:
    assert key_pairs.age_identity(SEED) == AGE_IDENTITY
    assert public_half("age", AGE_IDENTITY) == (
        "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh"
    )
    assert public_half("wireguard", WIREGUARD) == "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8="
    file = key_pairs.ssh_private_key(SEED, check=b"\1\2\3\4")
    assert public_half("ssh-ed25519", file) == SSH_PUBLIC


def test_only_key_pairs_have_a_public_half() -> None:
    with_one = {encoding for encoding in ENCODINGS if public_half(encoding, _drawn(encoding, 1)[0])}

    assert with_one == key_pairs.ENCODINGS == {"wireguard", "age", "ssh-ed25519"}
    assert public_half("of another release", "secret") is None
    assert public_half("", "secret") is None


def test_wg_computes_the_same_public_key() -> None:
    for private in [WIREGUARD, *_drawn("wireguard")]:
        assert _run("wg", "pubkey", given=private) == public_half("wireguard", private)


def test_age_computes_the_same_recipient() -> None:
    for identity in [AGE_IDENTITY, *_drawn("age")]:
        assert _run("age-keygen", "-y", given=identity) == public_half("age", identity)


def test_openssh_reads_the_file_and_computes_the_same_public_key(tmp_path: Path) -> None:
    for file in [key_pairs.ssh_private_key(SEED, check=b"\1\2\3\4"), *_drawn("ssh-ed25519")]:
        path = _private_file(tmp_path, file)

        assert _run("ssh-keygen", "-y", "-f", path) == public_half("ssh-ed25519", file)


def test_openssh_computes_the_fingerprint_of_the_vector(tmp_path: Path) -> None:
    path = _private_file(tmp_path, key_pairs.ssh_private_key(SEED, check=b"\1\2\3\4"))

    fingerprint = _run("ssh-keygen", "-l", "-f", path)

    assert fingerprint.split()[:2] == ["256", "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"]


def test_openssh_signs_with_the_key_and_verifies_by_its_public_half(tmp_path: Path) -> None:
    (file,) = _drawn("ssh-ed25519", 1)
    path = _private_file(tmp_path, file)
    signers = tmp_path / "signers"
    signers.write_text(f"ana {public_half('ssh-ed25519', file)}\n", encoding="ascii")

    signature = _run("ssh-keygen", "-Y", "sign", "-f", path, "-n", "file", given="text")
    (tmp_path / "signature").write_text(f"{signature}\n", encoding="ascii")
    verify = ("ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "ana", "-n", "file", "-s")

    assert "Good" in _run(*verify, str(tmp_path / "signature"), given="text")


def test_a_file_of_openssh_ends_with_a_newline_and_has_a_random_check_twice() -> None:
    files = _drawn("ssh-ed25519", 5)

    assert all(file.endswith("\n-----END OPENSSH PRIVATE KEY-----\n") for file in files)
    assert all(len(line) <= 70 for file in files for line in file.splitlines())
    contents = [base64.b64decode("".join(file.splitlines()[1:-1])) for file in files]
    # After the public key (PROTOCOL.key).
    assert all(content[98:102] == content[102:106] for content in contents)
    assert len({content[98:102] for content in contents}) == 5
