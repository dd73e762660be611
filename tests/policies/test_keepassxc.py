"""The settings of KeePassXC's generator."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from passwords import domain
from passwords.domain.alphabets import SYMBOLS
from passwords.policies import formats, keepassxc
from passwords.policies.documents import PolicyFileError, Source

ADVANCED = "AdvancedMode=true\nExcludeAlike=false\n"
FREE = ADVANCED + "EnsureEvery=false\n"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _entry(section: str) -> dict[str, Any]:
    text = (
        f'[General]\nConfigVersion=2\n\n[PasswordGenerator]\n{section}\n[KeeShare]\nOwn="<x\\n>"\n'
    )
    source = Source(text=text, name="keepassxc")
    assert formats.detect(source) is formats.IMPORTS["keepassxc"]
    (entry,) = keepassxc.entries(source)
    domain.build(entry["kind"], entry["parameters"])
    return entry


@pytest.mark.parametrize(
    ("section", "parameters"),
    [
        # The simple mode: no group is ensured, and nothing is excluded.
        (
            "",
            {"min_lowercase": 0, "min_uppercase": 0, "min_digits": 0, "min_symbols": 0},
        ),
        (
            "AdditionalChars= \nExcludedChars=abc\nSpecialChars=false\nViewPassword=false",
            {"min_lowercase": 0, "min_uppercase": 0, "min_digits": 0, "symbols": False},
        ),
        ("Length=60\n; a comment\nLogograms=true\n" + ADVANCED + "ExcludedChars=\"#$%&@^`~\"",
         {"length": 60, "symbols": False}),
        (ADVANCED + "Dashes=true", {"symbols": "-/\\_|"}),
        (
            "AdvancedMode=true\nDashes=true",
            {"symbols": "-/\\_", "exclude": "0168BGIOl"},
        ),
        (
            FREE + "UpperCase=false\nBraces=true\nMath=true",
            {
                "uppercase": False,
                "symbols": "!()*+<=>?[]{}",
                "min_lowercase": 0,
                "min_digits": 0,
                "min_symbols": 0,
            },
        ),
        (
            ADVANCED + "Braces=true\nPunctuation=true\nQuotes=true",
            {
                "passwordrules": "required: lower; required: upper; required: digit;"
                " required: [()[{}]]; required: [,.:;]; required: [\"']"
            },
        ),
        # Additional characters are a group; look-alikes among them are not excluded.
        (
            'AdvancedMode=true\nNumbers=false\nAdditionalChars=" 0"',
            {"passwordrules": "required: lower; required: upper; required: [ 0]",
             "exclude": "BGIOl"},
        ),
        (
            FREE + 'AdditionalChars="\\"\\\\,\\x3b@z"\nUpperCase=false\nNumbers=false',
            {"uppercase": False, "digits": False, "symbols": '",;@\\', "min_lowercase": 0,
             "min_symbols": 0},
        ),
        (ADVANCED + "AdditionalChars=@@", {"symbols": "@"}),
        (ADVANCED + "AdditionalChars=a!\nExcludedChars=a", {"symbols": "!", "exclude": "a"}),
        (ADVANCED + 'AdditionalChars=\\"\\\\=', {"symbols": '"=\\'}),
    ],
)  # fmt: skip
def test_the_groups_of_a_password_become_classes_or_sets(
    section: str, parameters: dict[str, Any]
) -> None:
    assert _entry(section)["parameters"] == {"length": 20, **parameters}


def test_a_password_can_have_a_character_of_each_of_the_nine_groups() -> None:
    groups = "\n".join(f"{name}=true" for name in keepassxc._SPECIAL_GROUPS)

    entry = _entry(f"{ADVANCED}Length=32\n{groups}")

    recipe = domain.build(entry["kind"], entry["parameters"])
    assert isinstance(recipe, domain.CharacterRecipe)
    assert len(recipe.strings.sets) == 9
    password = domain.draw(recipe)
    assert all(set(password) & set(group) for group in keepassxc._SPECIAL_GROUPS.values())
    assert len(recipe.alphabet) == 26 + 26 + 10 + len(SYMBOLS)


@pytest.mark.parametrize(
    ("section", "parameters"),
    [
        ("Type=1", {"words": 7, "separator": " ", "capitalize": "none"}),
        ("Type=1\nWordSeparator=@@_", {"words": 7, "separator": "@_", "capitalize": "none"}),
        (
            'Type=1\nWordCount=5\nWordSeparator="; "\nWordCase=2\nEASCII=true',
            {"words": 5, "separator": "; ", "capitalize": "first"},
        ),
    ],
)
def test_the_passphrase_is_imported_where_it_is_what_is_generated(
    section: str, parameters: dict[str, Any]
) -> None:
    entry = _entry(section)

    assert entry["kind"] == "passphrase"
    assert entry["parameters"] == {"wordlist": "eff-large", **parameters}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("EASCII=true", "Line 2: EASCII: Characters of extended ASCII are not supported"),
        ("Longness=25", "Line 2: Longness: There is no such field."),
        ("Length=25\nLength=25", "Line 3: Write each name once, with “=” after it."),
        ("Length", "Line 2: Write each name once, with “=” after it."),
        ("\n\x00=1", "Line 3: ?: There is no such field."),
        ("Length=3", "Line 2: Length: must be between 4 and 256"),
        (f"Length={'9' * 5000}", "Line 2: Length: must be a whole number"),
        ("Numbers=yes", "Line 2: Numbers: must be true or false"),
        ("LowerCase=false\nUpperCase=false\nNumbers=false\nSpecialChars=false",
         "Line 2: LowerCase: At least one class of characters must be on."),
        (f"{ADVANCED}ExcludedChars=abcdefghijklmnopqrstuvwxyz\nUpperCase=false\nNumbers=false",
         "LowerCase: At least one class of characters must be on."),
        (f"{ADVANCED}AdditionalChars=ab", "Line 4: AdditionalChars: “a” is also in another group"),
        (f"{ADVANCED}AdditionalChars=é",
         "Line 4: AdditionalChars: may hold only printable ASCII characters"),
        (f"{ADVANCED}AdditionalChars=a,b", "Line 4: AdditionalChars: write the text as in"),
        (f"{ADVANCED}AdditionalChars=@Invalid()", "Line 4: AdditionalChars: write the text as in"),
        (f'{ADVANCED}AdditionalChars="\\q"', "Line 4: AdditionalChars: write the text as in"),
        (f'{ADVANCED}AdditionalChars="', "Line 4: AdditionalChars: write the text as in"),
        ("Type=2", "Line 2: Type: must be between 0 and 1"),
        ("Type=1\nWordCount=2", "Line 3: WordCount: must be between 3 and 24"),
        ("Type=1\nWordList=/home/ana/my.wordlist",
         "Line 3: WordList: The only known wordlist is eff_large.wordlist."),
        ("Type=1\nWordCase=1",
         "Line 3: WordCase: Only lower case (0) and title case (2) are supported."),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_line_and_field(section: str, message: str) -> None:
    with pytest.raises(PolicyFileError) as caught:
        keepassxc.entries(Source(text=f"[PasswordGenerator]\r\n{section}", name="x"))

    assert str(caught.value).startswith(message)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("text", ["\\x41" * 15_000, '"' + "\\x41" * 15_000, '"' + "a\\" * 30_000])
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    with pytest.raises(PolicyFileError):
        _entry(f"{ADVANCED}AdditionalChars={text}{'é' * 9};")


def test_other_documents_are_not_taken_for_settings_of_keepassxc() -> None:
    other = Source(text="[General]\nLength=5\n# [PasswordGenerator]", name="x")

    assert not keepassxc.detects(other)
    with pytest.raises(PolicyFileError, match=r"has no section \[PasswordGenerator\]"):
        keepassxc.entries(other)
