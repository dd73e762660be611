"""One-way formats: what a server stores to check a password, made with a random salt."""

import base64
import hashlib
import hmac
import importlib.util
import string
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from passwords.domain import Recipe
from passwords.domain.randomness import RandomBytes
from passwords.formats import drawing, sha_crypt
from passwords.formats.document import Document
from passwords.formats.errors import PackageMissingError, TooLongToWriteError

_SALT_BYTES: Final = 16

# bcrypt reads only these bytes of a password.
_BCRYPT_BYTES: Final = 72
# The alphabet of bcrypt's salts beside that of RFC 4648, section 4.
_TO_BCRYPT: Final = str.maketrans(
    string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/",
    "./" + string.ascii_uppercase + string.ascii_lowercase + string.digits,
)

# The time of SHA-crypt grows with the square of the length.
_SHA_CRYPT_BYTES: Final = 256

# PostgreSQL's default, `scram_iterations`.
_SCRAM_ITERATIONS: Final = 4096

# MySQL stores the rounds in thousands, and a salt of 20 bytes without NUL and `$`.
_MYSQL_ROUNDS: Final = 5_000
_MYSQL_SALT_CHARACTERS: Final = 20

# OWASP's Password Storage Cheat Sheet: 12 MiB with three passes is as good as more memory with
# fewer passes, and two workers must fit into the memory that a container has.
_ARGON2_KIB: Final = 12 * 1024
_ARGON2_PASSES: Final = 3
_ARGON2_BYTES: Final = 32
_ARGON2_VERSION: Final = 19


def check_htpasswd(recipe: Recipe, _options: Mapping[str, Any]) -> None:
    """Refuse recipes with secrets that bcrypt would cut.

    Raises:
        TooLongToWriteError: they have more than 72 bytes.
        PackageMissingError: bcrypt is not installed.
    """
    _require_length(drawing.longest(recipe), _BCRYPT_BYTES)
    _bcrypt()


def has_bcrypt(_encoding: str) -> bool:
    """Return whether bcrypt is installed."""
    return importlib.util.find_spec("bcrypt") is not None


def write_htpasswd(secret: str, options: Mapping[str, Any], random_bytes: RandomBytes) -> Document:
    """Return the line ``user:$2y$…`` for nginx, Apache and Traefik.

    Raises:
        TooLongToWriteError: the secret has more than 72 bytes.
        PackageMissingError: bcrypt is not installed.
    """
    password = secret.encode()
    _require_length(len(password), _BCRYPT_BYTES)
    salt = _unpadded(random_bytes(_SALT_BYTES)).translate(_TO_BCRYPT)
    hashed = _bcrypt().hashpw(password, f"$2y${options['cost']:02}${salt}".encode()).decode()
    line = f"{options['user']}:{hashed}"
    return Document(text=line.replace("$", "$$") if options["compose"] else line)


def check_sha_crypt(recipe: Recipe, _options: Mapping[str, Any]) -> None:
    """Refuse recipes with secrets that take too long to hash.

    Raises:
        TooLongToWriteError: they have more than 256 bytes.
    """
    _require_length(drawing.longest(recipe), _SHA_CRYPT_BYTES)


def write_shadow(secret: str, options: Mapping[str, Any], random_bytes: RandomBytes) -> Document:
    """Return a hash for ``/etc/shadow``; with a user, the line that ``chpasswd -e`` reads.

    Raises:
        TooLongToWriteError: the secret has more than 256 bytes.
    """
    password = secret.encode()
    _require_length(len(password), _SHA_CRYPT_BYTES)
    salt = _salt_characters(_SALT_BYTES, random_bytes)
    rounds = options["rounds"]
    named = "" if rounds == sha_crypt.DEFAULT_ROUNDS else f"rounds={rounds}$"
    digest = sha_crypt.hash_password(password, salt.encode(), algorithm="sha512", rounds=rounds)
    user = f"{options['user']}:" if options["user"] else ""
    return Document(text=f"{user}$6${named}{salt}${digest}")


def write_postgres(secret: str, options: Mapping[str, Any], random_bytes: RandomBytes) -> Document:
    """Return a SCRAM-SHA-256 verifier (RFC 5803); with a user, the statement that sets it.

    PostgreSQL prepares passwords by SASLprep (RFC 4013). Of printable text that leaves NFKC.
    """
    salt = random_bytes(_SALT_BYTES)
    password = unicodedata.normalize("NFKC", secret).encode()
    salted = hashlib.pbkdf2_hmac("sha256", password, salt, _SCRAM_ITERATIONS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored, server = (
        base64.b64encode(part).decode() for part in (salt, stored_key, server_key)
    )
    verifier = f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{salt_text}${stored}:{server}"
    if not options["user"]:
        return Document(text=verifier)
    role = options["user"].replace('"', '""')
    return Document(text=f"ALTER ROLE \"{role}\" PASSWORD '{verifier}';")


def write_mysql(secret: str, options: Mapping[str, Any], random_bytes: RandomBytes) -> Document:
    """Return a caching_sha2_password hash of MySQL 8; with a user, the statement that sets it.

    Raises:
        TooLongToWriteError: the secret has more than 256 bytes.
    """
    password = secret.encode()
    _require_length(len(password), _SHA_CRYPT_BYTES)
    salt = _salt_characters(_MYSQL_SALT_CHARACTERS, random_bytes)
    digest = sha_crypt.hash_password(
        password, salt.encode(), algorithm="sha256", rounds=_MYSQL_ROUNDS
    )
    hashed = f"$A${_MYSQL_ROUNDS // 1000:03}${salt}{digest}"
    if not options["user"]:
        return Document(text=hashed)
    return Document(
        text=f"ALTER USER '{options['user']}' IDENTIFIED WITH caching_sha2_password AS '{hashed}';"
    )


def write_argon2id(secret: str, _options: Mapping[str, Any], random_bytes: RandomBytes) -> Document:
    """Return an Argon2id hash (RFC 9106) in the PHC string format."""
    from nacl.pwhash import argon2id  # noqa: PLC0415  # `generate` starts faster without it

    salt = random_bytes(_SALT_BYTES)
    hashed = argon2id.kdf(
        _ARGON2_BYTES,
        secret.encode(),
        salt,
        opslimit=_ARGON2_PASSES,
        memlimit=_ARGON2_KIB * 1024,
    )
    parameters = f"v={_ARGON2_VERSION}$m={_ARGON2_KIB},t={_ARGON2_PASSES},p=1"
    return Document(text=f"$argon2id${parameters}${_unpadded(salt)}${_unpadded(hashed)}")


def _require_length(size: int, maximum: int) -> None:
    if size > maximum:
        raise TooLongToWriteError(maximum=maximum)


def _salt_characters(count: int, random_bytes: RandomBytes) -> str:
    """Return *count* characters, each uniform over 64."""
    return "".join(sha_crypt.ALPHABET[byte & 63] for byte in random_bytes(count))


def _unpadded(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")


def _bcrypt() -> Any:
    """Return the optional package.

    Raises:
        PackageMissingError: it is not installed.
    """
    try:
        import bcrypt  # noqa: PLC0415  # optional
    except ImportError:
        raise PackageMissingError(package="bcrypt") from None
    return bcrypt
