"""Compile translation catalogues (`.po`) into the files that Django loads (`.mo`).

It needs no GNU gettext. Without arguments it compiles all catalogues.
"""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogue(source: Path) -> None:
    """Write the complete `.mo` beside *source*, or nothing; fuzzy entries are left out."""
    target = source.with_suffix(".mo")
    draft = source.with_suffix(".mo.draft")
    polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(draft))
    draft.replace(target)


def main() -> None:
    """Compile the named catalogues, or all; an invalid one is reported in one line."""
    sources = [Path(argument) for argument in sys.argv[1:]]
    for source in sources or sorted(ROOT.glob("passwords/locale/*/LC_MESSAGES/*.po")):
        try:
            compile_catalogue(source)
        except (OSError, ValueError) as error:
            sys.exit(f"giropops: {source}: {error}")


if __name__ == "__main__":
    main()
