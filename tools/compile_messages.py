"""Compile translation catalogues (`.po`) into what Django loads (`.mo`), without GNU gettext.

Give the catalogues to compile, or none to compile all of them.
"""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogue(source: Path) -> None:
    """Write the `.mo` beside *source*, whole or not at all; fuzzy entries are left out."""
    target = source.with_suffix(".mo")
    draft = source.with_suffix(".mo.draft")
    polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(draft))
    draft.replace(target)


def main() -> None:
    """Compile the catalogues named on the command line, or all; one line for a bad one."""
    sources = [Path(argument) for argument in sys.argv[1:]]
    for source in sources or sorted(ROOT.glob("passwords/locale/*/LC_MESSAGES/*.po")):
        try:
            compile_catalogue(source)
        except (OSError, ValueError) as error:
            sys.exit(f"giropops: {source}: {error}")


if __name__ == "__main__":
    main()
