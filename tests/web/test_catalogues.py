"""The pages speak three languages in full: English in the code, the others in catalogues."""

import re
import shutil
from pathlib import Path

import polib
import pytest

from passwords.domain import RecipeError
from tools.extract_messages import LANGUAGES, ROOT, extract

pytestmark = pytest.mark.any_database

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z.0-9]+|\{\w*\}")


def _catalogue(root: Path, language: str) -> polib.POFile:
    return polib.pofile(str(root / "passwords/locale" / language / "LC_MESSAGES/django.po"))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code whose catalogues are brought up to it."""
    root = tmp_path_factory.mktemp("code")
    for folder in ("passwords", "templates", "giropops"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("static"))
    extract(root)
    return root


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated_and_none_is_fuzzy(extracted: Path, language: str) -> None:
    catalogue = _catalogue(extracted, language)

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_of_a_string_that_has_gone(extracted: Path, language: str) -> None:
    wanted = {(entry.msgctxt, entry.msgid) for entry in _catalogue(extracted, language)}
    found = {(entry.msgctxt, entry.msgid) for entry in _catalogue(ROOT, language)}

    assert found == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_string(language: str) -> None:
    for entry in _catalogue(ROOT, language):
        wanted = sorted(_PLACEHOLDER.findall(entry.msgid))
        forms = list(entry.msgstr_plural.values()) or [entry.msgstr]
        # The Spanish singular is for 1 only, and "mil millones" does not say it.
        if language == "es" and len(forms) > 1 and not _PLACEHOLDER.search(forms[0]):
            del forms[0]
        for text in forms:
            assert sorted(_PLACEHOLDER.findall(text)) == wanted, entry.msgid


def test_spanish_addresses_its_reader_as_usted() -> None:
    familiar = re.compile(r"\b(tu|tus|tú|ti|contigo|puedes|tienes|debes)\b", re.IGNORECASE)
    texts = [
        text
        for entry in _catalogue(ROOT, "es")
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]

    assert [text for text in texts if familiar.search(text)] == []


def test_every_error_of_the_domain_is_translated() -> None:
    templates = {error.template for error in _subclasses(RecipeError)} | {RecipeError.template}

    assert templates <= {entry.msgid for entry in _catalogue(ROOT, "es")}


def _subclasses(root: type[RecipeError]) -> list[type[RecipeError]]:
    return [found for child in root.__subclasses__() for found in (child, *_subclasses(child))]
