"""Catalogues are compiled into what gettext reads."""

import gettext
import sys
from pathlib import Path

import pytest

from tools import compile_messages

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Secret"
msgstr "Segredo"

#, fuzzy
msgid "Recipe"
msgstr "Recibo"

msgid "%(count)d word"
msgid_plural "%(count)d words"
msgstr[0] "%(count)d palavra"
msgstr[1] "%(count)d palavras"
"""


def test_translations_and_plurals_are_found_and_fuzzy_ones_are_not(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(CATALOGUE)

    compile_messages.compile_catalogue(source)

    with source.with_suffix(".mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    assert translations.gettext("Secret") == "Segredo"
    assert translations.gettext("Recipe") == "Recipe"
    assert translations.ngettext("%(count)d word", "%(count)d words", 2) == "%(count)d palavras"
    assert {path.name for path in tmp_path.iterdir()} == {"django.po", "django.mo"}


def test_a_message_translated_twice_is_one_line_that_names_its_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "django.po"
    source.write_text(CATALOGUE + '\nmsgid "Secret"\nmsgstr "Oculto"\n')
    monkeypatch.setattr(sys, "argv", ["compile_messages.py", str(source)])

    with pytest.raises(SystemExit) as exit_info:
        compile_messages.main()

    assert str(exit_info.value).startswith(f"giropops: {source}: ")
    assert not source.with_suffix(".mo").exists()
