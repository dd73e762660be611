"""Write the secret files of docker-compose.yml with fresh random values; never replace one.

    python3 tools/make_secrets.py [FOLDER]

The folder, `secrets` by default, is its owner's alone. The files in it can be read by the accounts
that the containers run as, into which each is mounted alone.
"""

import base64
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o444


def password() -> str:
    """Return 192 random bits, in signs that need no quoting anywhere."""
    return secrets.token_urlsafe(24)


def key() -> str:
    """Return a key of 32 random bytes in base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def redis_configuration(values: dict[str, str]) -> str:
    """Return what the cache reads: its password is in no argument and in no variable."""
    return f"requirepass {values['redis_password']}\n"


def database_url(values: dict[str, str]) -> str:
    """Return where the app finds its database."""
    return f"postgres://giropops:{values['postgres_password']}@postgres:5432/giropops"


DRAWN: Final[dict[str, Callable[[], str]]] = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "recents_keys": key,
    "redis_password": password,
    "postgres_password": password,
    "grafana_password": password,
}
DERIVED: Final[dict[str, Callable[[dict[str, str]], str]]] = {
    "redis.conf": redis_configuration,
    "database_url": database_url,
}


def write_missing(folder: Path) -> list[str]:
    """Write the files that are not there yet; return their names."""
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    written = [name for name, draw in DRAWN.items() if write_new(folder / name, draw())]
    values = {name: (folder / name).read_text(encoding="utf-8") for name in DRAWN}
    written += [name for name, text in DERIVED.items() if write_new(folder / name, text(values))]
    return written


def write_new(path: Path, text: str) -> bool:
    """Write *text* to *path*; return False if it exists."""
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(FILE_MODE)
            file.write(text)
    except FileExistsError:
        return False
    return True


def main() -> None:
    """Write what is missing in the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    for name in write_missing(folder):
        sys.stderr.write(f"Made {folder / name}\n")


if __name__ == "__main__":
    main()
