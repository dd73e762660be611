"""Update the translation catalogues from the strings in the code; needs GNU gettext.

New strings are untranslated and changed strings fuzzy: a test fails for both.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("pt_BR", "es")


def extract(root: Path = ROOT) -> None:
    """Merge every string of the app and its templates under *root* into the catalogues there."""
    from django.core.management import call_command  # noqa: PLC0415  # after the settings
    from django.test import override_settings  # noqa: PLC0415

    before = Path.cwd()
    os.chdir(root)
    try:
        with override_settings(LOCALE_PATHS=[root / "passwords" / "locale"]):
            call_command(
                "makemessages",
                locale=LANGUAGES,
                ignore_patterns=[".venv", "var", "tests", "benchmarks", "tools", "screenshots"],
                add_location="file",
                no_wrap=True,
                no_obsolete=True,
                verbosity=0,
            )
    finally:
        os.chdir(before)


if __name__ == "__main__":
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")
    django.setup()
    extract()
