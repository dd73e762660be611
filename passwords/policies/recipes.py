"""What the formats of other programs share: names, checked fields, and recipes from sets."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import gettext

from passwords import domain
from passwords.domain import alphabets
from passwords.policies.documents import Path, PolicyFileError, Source, at_line

_CLASSES: Final = {
    "lowercase": frozenset(alphabets.LOWERCASE),
    "uppercase": frozenset(alphabets.UPPERCASE),
    "digits": frozenset(alphabets.DIGITS),
    "symbols": frozenset(alphabets.SYMBOLS),
}
# The names of classes in password rules. `special` is not used: it has the space, too.
_RULE_CLASSES: Final = {
    "lower": _CLASSES["lowercase"],
    "upper": _CLASSES["uppercase"],
    "digit": _CLASSES["digits"],
}


class NameMissingError(PolicyFileError):
    """The document has no name for its policy, and no usable one is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one object in a document; each error names the field and its line.

    Attributes:
        values: the values by name.
        path: where in the document the object is.
        line_of: returns the line of a path, from 0, or ``None`` if it is not known.
    """

    values: Mapping[str, Any]
    path: tuple[str | int, ...] = ()
    line_of: Callable[[Path], int | None]

    def require_known(self, names: Collection[str]) -> None:
        """Refuse fields with other names."""
        for name in self.values:
            if name not in names:
                raise self.error(name, gettext("There is no such field."))

    def number(self, name: str, default: int | None = None, *, limits: tuple[int, int]) -> int:
        """Return a whole number within *limits*; without a default it may not be missing."""
        value = self._get(name, default)
        self._check(
            name,
            lambda: domain.require_whole_number(name, value, minimum=limits[0], maximum=limits[1]),
        )
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._get(name, default)
        self._check(name, lambda: domain.require_flag(name, value))
        return bool(value)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; without a default it may not be missing."""
        value = self._get(name, default)
        self._check(name, lambda: domain.require_text(name, value))
        return str(value)

    def characters(self, name: str, default: str | None = None) -> str:
        """Return a text of printable ASCII."""
        text = self.text(name, default)
        if not (text.isascii() and text.isprintable()):
            raise self.error(name, gettext("may hold only printable ASCII characters"))
        return text

    def error(self, name: str, message: str) -> PolicyFileError:
        """Return the error that the field *name* is not valid."""
        shown = name[:50] if name.isprintable() else "?"
        return at_line(self.line_of((*self.path, name)), f"{shown}: {message}")

    def _get(self, name: str, default: Any) -> Any:
        value = self.values.get(name)
        if value is None:
            value = default
        if value is None:
            raise self.error(name, gettext("This field is missing."))
        return value

    def _check(self, name: str, check: Callable[[], None]) -> None:
        try:
            check()
        except domain.RecipeError as error:
            raise self.error(name, gettext(error.template) % error.params) from None


def slug_of(name: str) -> str:
    """Return the slug of the policy *name*."""
    return slugify(name.replace(".", "-"))[:50]


def only_policy(source: Source, kind: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of the policy in a document that has no name for it.

    Raises:
        NameMissingError: there is no usable name beside the document either.
    """
    if not source.name:
        raise NameMissingError(gettext("This format has no name for the policy: give one."))
    slug = slug_of(source.name)
    if not slug:
        raise NameMissingError(gettext("The name must have a letter or a digit of ASCII."))
    return [{"slug": slug, "name": source.name, "kind": kind, "parameters": parameters}]


def character_parameters(length: int, sets: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """Return the parameters of characters for the passwords over *sets*.

    They are exactly those of *length* characters from the union of the sets that have the minimum
    number of characters of each set. A character counts for each set that it is in, also if two
    sets are equal. Sets have printable ASCII.

    Raises:
        PolicyFileError: the parameters cannot describe them.
    """
    minimums: dict[frozenset[str], int] = {}
    for members, minimum in sets:
        key = frozenset(members)
        minimums[key] = max(minimum, minimums.get(key, 0))
    alphabet = frozenset[str]().union(*minimums)
    demands = {
        members: minimum
        for members, minimum in minimums.items()
        if minimum and not _is_implied(members, minimum, minimums, alphabet)
    }
    parts = {name: alphabet & whole for name, whole in _CLASSES.items()}
    if " " in alphabet or any(members not in parts.values() for members in demands):
        return {"length": length, **_rule_parameters(demands, alphabet)}
    return {"length": length, **_class_parameters(demands, parts)}


def _is_implied(
    members: frozenset[str],
    minimum: int,
    minimums: Mapping[frozenset[str], int],
    alphabet: frozenset[str],
) -> bool:
    """Return whether every password has the *minimum*, if it has the other ones."""
    return members == alphabet or any(
        other < members and needed >= minimum for other, needed in minimums.items()
    )


def _class_parameters(
    demands: Mapping[frozenset[str], int], parts: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    """Return the parameters if each demand is about all allowed characters of one class."""
    parameters: dict[str, Any] = {}
    missing = set[str]()
    for name, members in parts.items():
        if not members:
            parameters[name] = False
            continue
        if name != "symbols":
            missing |= _CLASSES[name] - members
        elif members != _CLASSES[name]:
            parameters[name] = "".join(sorted(members))
        if (minimum := demands.get(members, 0)) != 1:
            parameters[f"min_{name}"] = minimum
    if missing:
        parameters["exclude"] = "".join(sorted(missing))
    return parameters


def _rule_parameters(
    demands: Mapping[frozenset[str], int], alphabet: frozenset[str]
) -> dict[str, Any]:
    """Return a password rule, and the characters to exclude from its classes."""
    missing = {
        member
        for whole in _RULE_CLASSES.values()
        if 2 * len(whole & alphabet) > len(whole)
        for member in whole - alphabet
    }
    rule = "; ".join(rule_properties(demands.items(), alphabet, missing))
    if len(rule) > domain.MAX_TEXT_LENGTH:
        message = gettext(
            "The policy would need a password rule of %(length)d characters: the maximum is"
            " %(maximum)d."
        )
        raise PolicyFileError(message % {"length": len(rule), "maximum": domain.MAX_TEXT_LENGTH})
    parameters = {"passwordrules": rule}
    if missing:
        parameters["exclude"] = "".join(sorted(missing))
    return parameters


def rule_properties(
    demands: Iterable[tuple[Collection[str], int]],
    alphabet: Iterable[str],
    excluded: Collection[str] = (),
) -> list[str]:
    """Return the properties of a password rule for sets with minimums in an alphabet.

    The *excluded* characters may be in the rule, or not.
    """
    properties = []
    required = set[str]()
    for members, minimum in demands:
        required.update(members)
        properties += [f"required: {_classes(members, excluded)}"] * minimum
    if others := set(alphabet) - required:
        properties.append(f"allowed: {_classes(others, excluded)}")
    return properties


def _classes(members: Collection[str], excluded: Collection[str]) -> str:
    """Return the classes and the set in brackets that have exactly these members."""
    rest = set(members)
    found = []
    for name, alphabet in _RULE_CLASSES.items():
        if rest >= alphabet.difference(excluded):
            found.append(name)
            rest -= alphabet
    if rest:
        # In brackets a hyphen must come first, and a closing bracket last.
        ordered = sorted(rest, key=lambda member: (member != "-", member == "]", member))
        found.append(f"[{''.join(ordered)}]")
    return ", ".join(found)
