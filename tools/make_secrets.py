"""Write the secret files of docker-compose.yml with random values; existing files stay.

    python3 tools/make_secrets.py [FOLDER]

Only the owner can open the folder, `secrets` by default. The files in it are readable by everybody,
because each is mounted into a container that runs with another account.
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
    """Return 192 random bits, in characters that need no quoting."""
    return secrets.token_urlsafe(24)


def key() -> str:
    """Return a key of 32 random bytes in base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def redis_configuration(values: dict[str, str]) -> str:
    """Return Redis's configuration, so that its password is in no argument and no variable."""
    return f"requirepass {values['redis_password']}\n"


def database_url(values: dict[str, str]) -> str:
    """Return the URL of the app's database."""
    return f"postgres://giropops:{values['postgres_password']}@postgres:5432/giropops"


DRAWN: Final[dict[str, Callable[[], str]]] = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "recents_keys": key,
    "redis_password": password,
    "postgres_password": password,
    "grafana_password": password,
    "oauth2_proxy_cookie_secret": key,
}
DERIVED: Final[dict[str, Callable[[dict[str, str]], str]]] = {
    "redis.conf": redis_configuration,
    "database_url": database_url,
}


def write_missing(folder: Path) -> list[str]:
    """Write the missing files; return their names."""
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
    """Write the missing files in the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    for name in write_missing(folder):
        sys.stderr.write(f"Made {folder / name}\n")


if __name__ == "__main__":
    main()
