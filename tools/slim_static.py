"""Leave out of the collected static files what no page of the running app names.

    python tools/slim_static.py --languages pt-br,en,es var/static

Templates name a file by its hashed name, which the manifest gives. Of the admin's files the plain
names are left out (nothing in them refers to another by it), and so is what is there minified too,
and the texts of its widgets in other languages.
"""

import argparse
import json
from pathlib import Path
from typing import Final

PREFIX: Final = "admin/"
"""Django's own files: of the app's, a script may import another by its plain name."""
COMPRESSED: Final = ("", ".gz", ".br")


TEXTS: Final = "admin/js/vendor/select2/i18n/"


def superfluous(paths: dict[str, str], languages: frozenset[str]) -> set[str]:
    """Return the files that may go, of the manifest's *paths* (plain name to hashed name)."""
    names: set[str] = set()
    for plain, hashed in paths.items():
        if not plain.startswith(PREFIX):
            continue
        if hashed != plain:
            names.add(plain)
        stem, dot, extension = plain.rpartition(".")
        is_readable = f"{stem}.min{dot}{extension}" in paths  # which DEBUG alone asks for
        language = stem.removeprefix(TEXTS).lower()
        if is_readable or (plain.startswith(TEXTS) and language not in languages):
            names |= {plain, hashed}
    return names


def slim(root: Path, languages: frozenset[str]) -> None:
    """Remove the superfluous files of *root*, with their compressed copies."""
    manifest = json.loads((root / "staticfiles.json").read_text(encoding="utf-8"))
    for name in superfluous(manifest["paths"], languages):
        for suffix in COMPRESSED:
            (root / f"{name}{suffix}").unlink(missing_ok=True)


def main() -> None:
    """Slim the folder named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--languages", required=True, help="languages to keep, commas between")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    slim(arguments.folder, frozenset(arguments.languages.split(",")))


if __name__ == "__main__":
    main()
