"""Leave out of the collected static files what no page of the running app names.

    python tools/slim_static.py var/static

Templates name a file by its hashed name, which the manifest gives. Of the admin's files the plain
names are left out (nothing in them refers to another by it), and so is what is there minified too,
and Select2, which only ``autocomplete_fields`` need: no admin class of ours has any.
"""

import json
import sys
from pathlib import Path
from typing import Final

PREFIX: Final = "admin/"
"""Django's own files: of the app's, a script may import another by its plain name."""
COMPRESSED: Final = ("", ".gz", ".br")
SELECT2: Final = (
    "admin/js/vendor/select2/",
    "admin/css/vendor/select2/",
    "admin/js/autocomplete.",
    "admin/css/autocomplete.",
)


def superfluous(paths: dict[str, str]) -> set[str]:
    """Return the files that may go, of the manifest's *paths* (plain name to hashed name)."""
    names: set[str] = set()
    for plain, hashed in paths.items():
        if not plain.startswith(PREFIX):
            continue
        if hashed != plain:
            names.add(plain)
        stem, dot, extension = plain.rpartition(".")
        is_readable = f"{stem}.min{dot}{extension}" in paths  # which only DEBUG uses
        if is_readable or plain.startswith(SELECT2):
            names |= {plain, hashed}
    return names


def slim(root: Path) -> None:
    """Remove the superfluous files of *root*, with their compressed copies."""
    manifest = json.loads((root / "staticfiles.json").read_text(encoding="utf-8"))
    for name in superfluous(manifest["paths"]):
        for suffix in COMPRESSED:
            (root / f"{name}{suffix}").unlink(missing_ok=True)


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
