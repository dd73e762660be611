"""KeePassXC's password generator: the section ``[PasswordGenerator]`` of ``keepassxc.ini``.

The names, defaults and groups are those of keepassxreboot/keepassxc 2.7: src/core/Config.cpp,
PasswordGenerator.cpp, PassphraseGenerator.h and src/gui/PasswordGeneratorWidget.cpp. Qt's QSettings
writes the file.
"""

import re
from typing import Any, Final

from django.utils.translation import gettext

from passwords.domain import CharacterRecipe, PassphraseRecipe, alphabets, characters, passphrases
from passwords.policies.documents import Path, PolicyFileError, Source, at_line
from passwords.policies.recipes import Fields, character_parameters, only_policy

_SECTION: Final = "[PasswordGenerator]"
_DEFAULTS: Final[dict[str, bool | int | str]] = {
    "LowerCase": True,
    "UpperCase": True,
    "Numbers": True,
    "EASCII": False,
    "AdvancedMode": False,
    "SpecialChars": True,
    "Braces": False,
    "Punctuation": False,
    "Quotes": False,
    "Dashes": False,
    "Math": False,
    "Logograms": False,
    "AdditionalChars": "",
    "ExcludedChars": "",
    "ExcludeAlike": True,
    "EnsureEvery": True,
    "Length": 20,
    "WordCount": 7,
    "WordSeparator": " ",
    "WordList": "eff_large.wordlist",
    "WordCase": 0,
    "Type": 0,
    "ViewPassword": True,  # whether the window shows the password
}
_SIMPLE_GROUPS: Final = {
    "LowerCase": alphabets.LOWERCASE,
    "UpperCase": alphabets.UPPERCASE,
    "Numbers": alphabets.DIGITS,
}
# Only in the advanced mode; otherwise they are all in SpecialChars.
_SPECIAL_GROUPS: Final = {
    "Braces": "()[]{}",
    "Punctuation": ".,:;",
    "Quotes": "\"'",
    "Dashes": "-/\\_|",
    "Math": "!*+<=>?",
    "Logograms": "#$%&@^`~",
}
_ALIKE: Final = frozenset("lBGIO0168|")
_PASSPHRASE: Final = 1
_WORDLISTS: Final = {"eff_large.wordlist": "eff-large"}
# PassphraseGenerator's LOWERCASE and TITLECASE; the others are UPPERCASE and MIXEDCASE.
_CAPITALS: Final = {0: "none", 2: "first"}

# QSettings quotes texts that have a comma, a semicolon or an equals sign, or a space at an end.
# Repeats are possessive: after `\x4`, `1` must not be tried as the next character, too.
_CHARACTER: Final = r"""[^"\\]|\\(?:x[0-9A-Fa-f]{1,4}+|["\\nrt])"""
_TEXT: Final = re.compile(rf'(?:(?![,;]){_CHARACTER})*+|"(?:{_CHARACTER})*+"')
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{1,4})|(.))")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_WORDS: Final = {"true": True, "false": False}


def detects(source: Source) -> bool:
    """Return whether *source* has the section."""
    return any(line.strip() == _SECTION for line in source.text.split("\n"))


def entries(source: Source) -> list[dict[str, Any]]:
    """Return the fields of the policy for what the generator makes: a password or a passphrase."""
    if not detects(source):
        message = gettext("The document has no section %(name)s.")
        raise PolicyFileError(message % {"name": _SECTION})
    fields = _read(source.text)
    fields.require_known(_DEFAULTS)
    if _number(fields, "Type", (0, 1)) == _PASSPHRASE:
        return only_policy(source, PassphraseRecipe.kind, _passphrase(fields))
    return only_policy(source, CharacterRecipe.kind, _password(fields))


def _password(fields: Fields) -> dict[str, Any]:
    if _flag(fields, "EASCII"):
        message = gettext("Characters of extended ASCII are not supported: switch them off.")
        raise fields.error("EASCII", message)
    length = _number(fields, "Length", (characters.MIN_LENGTH, characters.MAX_LENGTH))
    is_advanced = _flag(fields, "AdvancedMode")
    groups = _advanced_groups(fields) if is_advanced else _simple_groups(fields)
    if not groups:
        raise fields.error("LowerCase", gettext("At least one class of characters must be on."))
    # The simple mode does not ensure a character of each group.
    minimum = int(is_advanced and _flag(fields, "EnsureEvery"))
    return character_parameters(length, [(group, minimum) for group in groups])


def _simple_groups(fields: Fields) -> list[str]:
    groups = [members for name, members in _SIMPLE_GROUPS.items() if _flag(fields, name)]
    if _flag(fields, "SpecialChars"):
        groups += _SPECIAL_GROUPS.values()
    return groups


def _advanced_groups(fields: Fields) -> list[str]:
    excluded = set(_text(fields, "ExcludedChars"))
    alike = _ALIKE if _flag(fields, "ExcludeAlike") else frozenset[str]()
    groups = [
        "".join(member for member in members if member not in alike)
        for name, members in {**_SIMPLE_GROUPS, **_SPECIAL_GROUPS}.items()
        if _flag(fields, name)
    ]
    additional = fields.characters("AdditionalChars", "")
    common = set(additional) & set("".join(groups)) - excluded
    if common and _flag(fields, "EnsureEvery"):
        # KeePassXC then requires two characters, one for each of the two groups.
        message = gettext("“%(character)s” is also in another group")
        raise fields.error("AdditionalChars", message % {"character": min(common)})
    left = (
        "".join(member for member in group if member not in excluded)
        for group in [*groups, additional]
    )
    return [group for group in left if group]


def _passphrase(fields: Fields) -> dict[str, Any]:
    wordlist = _text(fields, "WordList")
    if wordlist not in _WORDLISTS:
        message = gettext("The only known wordlist is %(name)s.")
        raise fields.error("WordList", message % {"name": next(iter(_WORDLISTS))})
    case = _number(fields, "WordCase", (0, 3))
    if case not in _CAPITALS:
        message = gettext("Only lower case (0) and title case (2) are supported.")
        raise fields.error("WordCase", message)
    return {
        "words": _number(fields, "WordCount", (passphrases.MIN_WORDS, passphrases.MAX_WORDS)),
        "wordlist": _WORDLISTS[wordlist],
        "separator": _text(fields, "WordSeparator"),
        "capitalize": _CAPITALS[case],
    }


def _flag(fields: Fields, name: str) -> bool:
    return fields.flag(name, default=bool(_DEFAULTS[name]))


def _text(fields: Fields, name: str) -> str:
    return fields.text(name, str(_DEFAULTS[name]))


def _number(fields: Fields, name: str, limits: tuple[int, int]) -> int:
    return fields.number(name, int(_DEFAULTS[name]), limits=limits)


def _read(text: str) -> Fields:
    """Return the fields of the section; other sections are ignored."""
    values: dict[str, Any] = {}
    lines: dict[Path, int | None] = {}
    is_inside = False
    for number, line in enumerate(text.split("\n")):
        bare = line.strip()
        if bare.startswith("["):
            is_inside = bare == _SECTION
        elif is_inside and bare and not bare.startswith(";"):
            _read_line(bare, number, values, lines)
    return Fields(values=values, line_of=lines.get)


def _read_line(
    line: str, number: int, values: dict[str, Any], lines: dict[Path, int | None]
) -> None:
    name, sign, text = (part.strip() for part in line.partition("="))
    if not sign or name in values:
        message = gettext("Write each name once, with “=” after it.")
        raise at_line(number, message)
    lines[name,] = number
    values[name] = _value(text, _DEFAULTS.get(name))
    if values[name] is None:
        message = gettext("%(name)s: write the text as in the file of KeePassXC, in quotes.")
        raise at_line(number, message % {"name": name})


def _value(text: str, default: object) -> Any:
    """Return the value as the type of the *default*; the text if it is not of that type.

    For a text that QSettings does not write it is ``None``.
    """
    if isinstance(default, bool):
        return _WORDS.get(text, text)
    if isinstance(default, int):
        return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text
    if not isinstance(default, str):
        return text
    if not _TEXT.fullmatch(text):
        return None
    plain = _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2]),
        text[1:-1] if text.startswith('"') else text,
    )
    # QSettings doubles an at sign at the start; a single one starts another type of value.
    is_other = plain.startswith("@") and not plain.startswith("@@")
    return None if is_other else plain.removeprefix("@")
