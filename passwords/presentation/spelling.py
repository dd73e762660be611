"""A secret as somebody reads it aloud: the name of each of its characters."""

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

GROUP_SIZE: Final = 4

# The words of the international spelling alphabet are the same in every language: ICAO Annex 10,
# volume II, 5.2.1.3; ITU Radio Regulations, appendix 14.
_LETTERS: Final = {
    word[0].lower(): word
    for word in (
        "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India",
        "Juliett", "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo",
        "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu",
    )
}  # fmt: skip
_OTHERS: Final = {
    "0": _("zero"),
    "1": _("one"),
    "2": _("two"),
    "3": _("three"),
    "4": _("four"),
    "5": _("five"),
    "6": _("six"),
    "7": _("seven"),
    "8": _("eight"),
    "9": _("nine"),
    " ": _("space"),
    "\n": _("line break"),
    "!": _("exclamation mark"),
    '"': _("quotation mark"),
    "#": _("hash"),
    "$": _("dollar sign"),
    "%": _("percent sign"),
    "&": _("ampersand"),
    "'": _("apostrophe"),
    "(": _("opening parenthesis"),
    ")": _("closing parenthesis"),
    "*": _("asterisk"),
    "+": _("plus"),
    ",": _("comma"),
    "-": _("hyphen"),
    ".": _("full stop"),
    "/": _("slash"),
    ":": _("colon"),
    ";": _("semicolon"),
    "<": _("less-than sign"),
    "=": _("equals sign"),
    ">": _("greater-than sign"),
    "?": _("question mark"),
    "@": _("at sign"),
    "[": _("opening bracket"),
    "\\": _("backslash"),
    "]": _("closing bracket"),
    "^": _("caret"),
    "_": _("underscore"),
    "`": _("backtick"),
    "{": _("opening brace"),
    "|": _("vertical bar"),
    "}": _("closing brace"),
    "~": _("tilde"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One character of a secret, and its name in the active language."""

    sign: str = field(repr=False)
    name: str = field(repr=False)


def groups(secret: str) -> list[list[Character]]:
    """Return the characters of *secret* in groups of four; other letters are their own names."""
    spelled = [Character(sign=sign, name=_name(sign)) for sign in secret]
    return [spelled[start : start + GROUP_SIZE] for start in range(0, len(spelled), GROUP_SIZE)]


def _name(sign: str) -> str:
    if sign in _OTHERS:
        return str(_OTHERS[sign])
    word = _LETTERS.get(sign.lower(), sign.lower())
    return gettext("capital %(word)s") % {"word": word} if sign.isupper() else word
