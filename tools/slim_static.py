"""Remove the collected static files that no page uses.

    python tools/slim_static.py var/static

Templates, style sheets and scripts use the hashed names from the manifest, so this removes the
files with plain names. It also removes the admin's files that exist minified, and Select2, which
only ``autocomplete_fields`` needs: no admin class of this app has any.
"""

import json
import sys
from pathlib import Path
from typing import Final

BY_PLAIN_NAME: Final = frozenset({"passwords/favicon.svg"})
"""The web app manifest names it: Django does not rewrite names in there."""
COMPRESSED: Final = ("", ".gz", ".br")
SELECT2: Final = (
    "admin/js/vendor/select2/",
    "admin/css/vendor/select2/",
    "admin/js/autocomplete.",
    "admin/css/autocomplete.",
)


def superfluous(paths: dict[str, str]) -> set[str]:
    """Return the files to remove, from the manifest's *paths* (plain name to hashed name)."""
    names: set[str] = set()
    for plain, hashed in paths.items():
        if hashed != plain and plain not in BY_PLAIN_NAME:
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
