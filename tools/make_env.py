"""Write a `.env` with fresh random keys, readable by its owner only; never replace one."""

import base64
import os
import secrets
import sys
import tempfile
from pathlib import Path


def content() -> str:
    """Return the lines of a new `.env`, each key drawn from the operating system's generator."""
    recents_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
    return (
        "# Made by `make`; README.md has the table of all the variables.\n"
        "# Signs cookies and forms: a new one ends every session.\n"
        f"SECRET_KEY={secrets.token_urlsafe(48)}\n"
        "# Encrypts the recent secrets: put a new key first, with a comma, to rotate it.\n"
        f"RECENTS_KEYS={recents_key}\n"
        "ALLOWED_HOSTS=localhost,127.0.0.1,[::1]\n"
    )


def write_new(path: Path, text: str) -> bool:
    """Write *text* to *path* with mode 0600, whole or not at all; return False if it exists."""
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a renaming, fails where there is a file already.
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        Path(draft).unlink()
    return True


def main() -> None:
    """Write the file named on the command line, `.env` by default."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else ".env")
    if write_new(path, content()):
        sys.stderr.write(f"Made {path} with fresh random keys\n")


if __name__ == "__main__":
    main()
