"""Bitwarden's generator: its options, and the policy of an organisation for them, as JSON.

The names, defaults and sets are those of bitwarden/clients, libs/tools/generator/core, as in the
npm package @bitwarden/cli 2026.6.0: metadata/password/random-password.ts and eff-word-list.ts,
engine/data.ts, policies/password-least-privilege.ts and dynamic-password-policy-constraints.ts.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext

from passwords.domain import CharacterRecipe, PassphraseRecipe, alphabets
from passwords.policies import documents
from passwords.policies.documents import PolicyFileError, Source
from passwords.policies.recipes import Fields, character_parameters, only_policy

_SPECIAL: Final = "!@#$%^&*"
_AMBIGUOUS: Final = frozenset("IOl01")
_LENGTHS: Final = (5, 128)
_MINIMUMS: Final = (0, 128)
_WORDS: Final = (3, 20)

_DEFAULT_LENGTH: Final = 14
_DEFAULT_WORDS: Final = 6
_DEFAULT_SEPARATOR: Final = "-"
# For each class: the option, that for the minimum, the characters, and whether it is on.
_CLASSES: Final = (
    ("uppercase", "minUppercase", alphabets.UPPERCASE, True),
    ("lowercase", "minLowercase", alphabets.LOWERCASE, True),
    ("number", "minNumber", alphabets.DIGITS, True),
    ("special", "minSpecial", _SPECIAL, False),
)
# The fields of a policy for these classes.
_POLICY_CLASSES: Final = {
    "uppercase": ("useUpper", None),
    "lowercase": ("useLower", None),
    "number": ("useNumbers", "minNumbers"),
    "special": ("useSpecial", "minSpecial"),
}
_PASSPHRASE_OPTIONS: Final = frozenset({"numWords", "wordSeparator", "capitalize", "includeNumber"})
_OPTIONS: Final = _PASSPHRASE_OPTIONS.union(
    {"type", "length", "minLength", "ambiguous"},
    *((name, minimum) for name, minimum, _members, _is_on in _CLASSES),
)
_POLICY_FIELDS: Final = frozenset(
    {
        *("overridePasswordType", "minLength", "useUpper", "useLower", "useNumbers", "useSpecial"),
        *("minNumbers", "minSpecial", "minNumberWords", "capitalize", "includeNumber"),
    }
)
_GENERATOR_POLICY: Final = 2
"""PolicyType.PasswordGenerator."""

Recipe = tuple[str, dict[str, Any]]
"""The kind, and the parameters."""


def detects(source: Source) -> bool:
    """Return whether *source* is certainly of Bitwarden."""
    values = source.values
    if not isinstance(values, dict):
        return False
    if isinstance(values.get("data"), dict):
        return "type" in values
    names = values.keys()
    return bool(names - {"type", "length"}) and (names <= _OPTIONS or names <= _POLICY_FIELDS)


def entries(source: Source) -> list[dict[str, Any]]:
    """Return the fields of the only policy; PolicyFileError if it is not valid."""
    values = source.values
    if not isinstance(values, dict):
        raise PolicyFileError(gettext("The document has no options of Bitwarden's generator."))
    fields = Fields(values=values, line_of=partial(documents.line_at, source.text))
    kind, parameters = _recipe(fields)
    return only_policy(source, kind, parameters)


def _recipe(fields: Fields) -> Recipe:
    data = fields.values.get("data")
    if isinstance(data, dict):
        if fields.values.get("type") != _GENERATOR_POLICY:
            raise fields.error("type", gettext("must be 2, the policy for the generator"))
        return _recipe_of_policy(Fields(values=data, path=("data",), line_of=fields.line_of))
    if fields.values.keys() & (_POLICY_FIELDS - _OPTIONS):
        return _recipe_of_policy(fields)
    return _recipe_of_options(fields)


def _recipe_of_options(fields: Fields) -> Recipe:
    fields.require_known(_OPTIONS)
    names = fields.values.keys()
    is_passphrase = names & _PASSPHRASE_OPTIONS and "length" not in names
    if _type(fields, "type", "passphrase" if is_passphrase else "password") == "passphrase":
        return _passphrase(
            words=fields.number("numWords", _DEFAULT_WORDS, limits=_WORDS),
            separator=fields.text("wordSeparator", _DEFAULT_SEPARATOR),
            capitalize=fields.flag("capitalize", default=False),
            number=fields.flag("includeNumber", default=False),
        )
    sets = {}
    for name, minimum_name, members, is_on in _CLASSES:
        minimum = fields.number(minimum_name, int(is_on), limits=_MINIMUMS)
        if fields.flag(name, default=is_on):
            sets[members] = minimum
    if not sets:
        raise fields.error("lowercase", gettext("At least one class of characters must be on."))
    return _password(
        fields.number("length", _DEFAULT_LENGTH, limits=_LENGTHS),
        sets,
        excluded=frozenset() if fields.flag("ambiguous", default=True) else _AMBIGUOUS,
    )


def _recipe_of_policy(fields: Fields) -> Recipe:
    """Return Bitwarden's default options, made as strict as the policy."""
    fields.require_known(_POLICY_FIELDS)
    if _type(fields, "overridePasswordType", "password") == "passphrase":
        return _passphrase(
            words=max(_DEFAULT_WORDS, fields.number("minNumberWords", 0, limits=(0, _WORDS[1]))),
            separator=_DEFAULT_SEPARATOR,
            capitalize=fields.flag("capitalize", default=False),
            number=fields.flag("includeNumber", default=False),
        )
    sets = {}
    for name, _minimum_name, members, is_on in _CLASSES:
        use_name, count_name = _POLICY_CLASSES[name]
        count = fields.number(count_name, 0, limits=_MINIMUMS) if count_name else 0
        if fields.flag(use_name, default=False) or count or is_on:
            sets[members] = max(count, 1)
    least = fields.number("minLength", 0, limits=(0, _LENGTHS[1]))
    return _password(max(least, _DEFAULT_LENGTH), sets, excluded=frozenset())


def _type(fields: Fields, name: str, usual: str) -> str:
    found = fields.text(name, usual) or usual  # a policy has "" if the user may choose
    if found not in {"password", "passphrase"}:
        raise fields.error(name, gettext("must be “password” or “passphrase”"))
    return found


def _password(length: int, sets: Mapping[str, int], *, excluded: frozenset[str]) -> Recipe:
    allowed = [
        ("".join(member for member in members if member not in excluded), minimum)
        for members, minimum in sets.items()
    ]
    # Where the minimums need more characters, Bitwarden takes as many.
    length = max(length, sum(sets.values()))
    return CharacterRecipe.kind, character_parameters(length, allowed)


def _passphrase(*, words: int, separator: str, capitalize: bool, number: bool) -> Recipe:
    parameters: dict[str, Any] = {"words": words, "separator": separator}
    if capitalize:
        parameters["capitalize"] = "first"
    if number:
        parameters["insert"] = "digit"
    return PassphraseRecipe.kind, parameters
