"""Password policies of HashiCorp Vault: HCL, its JSON form, and the answers of Vault's API.

Vault draws strings of *length* characters from the union of all sets until one has the minimum of
each rule; a character counts for every rule (helper/random/string_generator.go and rules.go).
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext

from passwords import domain
from passwords.domain import CharacterRecipe, characters
from passwords.models import Policy
from passwords.policies import documents
from passwords.policies.documents import Path, PolicyFileError, Source
from passwords.policies.recipes import Fields, character_parameters, only_policy

MAX_LENGTH: Final = 100
"""The longest passwords for which Vault stores a policy (vault/logical_system.go)."""

_LENGTHS: Final = (characters.MIN_LENGTH, characters.MAX_LENGTH)
_RULE: Final = "charset"

_TOKEN: Final = re.compile(
    r"""
    (?P<blank> \s+ | \#[^\n]* | //[^\n]* | /\*(?s:.*?)\*/ )
    | (?P<name> [A-Za-z_][A-Za-z0-9_-]* )
    | (?P<number> -?[0-9]{1,9}(?![0-9]) )
    | (?P<string> "(?:[^"\\\n]|\\.)*" )
    | (?P<sign> [={}] )
    """,
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_ESCAPES: Final = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def detects(source: Source) -> bool:
    """Return whether *source* is certainly a policy of Vault."""
    if _is_json(source.text):
        values: Any = source.values
        return "rule" in values or _wrapped(values) is not None
    return _starts_as_hcl(source.text)


def entries(source: Source) -> list[dict[str, Any]]:
    """Return the fields of the only policy; PolicyFileError if it is not valid."""
    length, sets = _policy(source)
    return only_policy(source, CharacterRecipe.kind, character_parameters(length, sets))


def dump(policies: Iterable[Policy]) -> str:
    """Return the only one of *policies* as HCL.

    Raises:
        PolicyFileError: Vault has no such policies.
    """
    (policy,) = policies
    try:
        recipe = policy.recipe()
    except domain.RecipeError as error:
        raise PolicyFileError(f"{policy.slug}: {error}") from None
    if not isinstance(recipe, CharacterRecipe):
        raise _not_in_vault(policy, gettext("Vault only has policies for passwords of characters."))
    strings = recipe.strings
    if any(strings.limits):
        raise _not_in_vault(policy, gettext("Vault cannot limit runs of characters."))
    if recipe.length > MAX_LENGTH:
        message = gettext("Vault allows at most %(maximum)d characters.")
        raise _not_in_vault(policy, message % {"maximum": MAX_LENGTH})
    rules = [(members.decode("ascii"), minimum) for members, minimum in strings.sets]
    required = {member for members, _minimum in rules for member in members}
    if others := "".join(member for member in recipe.alphabet if member not in required):
        rules.append((others, 0))
    return f"length = {recipe.length}\n" + "".join(_rule_block(*rule) for rule in rules)


def _not_in_vault(policy: Policy, message: str) -> PolicyFileError:
    return PolicyFileError(f"{policy.slug}: {message}")


def _rule_block(members: str, minimum: int) -> str:
    # HCL takes "${" for the start of an expression: the dollar sign must come last.
    ordered = sorted(members, key=lambda member: (member == "$", member))
    text = "".join(ordered).replace("\\", "\\\\").replace('"', '\\"')
    return f'\nrule "{_RULE}" {{\n  charset   = "{text}"\n  min-chars = {minimum}\n}}\n'


def _policy(source: Source) -> tuple[int, list[tuple[str, int]]]:
    """Return the length, and the set and the minimum of each rule."""
    wrapped = _wrapped(source.values) if _is_json(source.text) else None
    if wrapped is None:
        return _unwrapped_policy(source)
    try:
        return _unwrapped_policy(Source(text=_decoded(wrapped)))
    except PolicyFileError as error:
        raise PolicyFileError(f"policy: {error}") from None


def _unwrapped_policy(source: Source) -> tuple[int, list[tuple[str, int]]]:
    if _is_json(source.text):
        values: Any = source.values
        return _checked(Fields(values=values, line_of=partial(documents.line_at, source.text)))
    reader = _Reader(source.text)
    reader.read()
    return _checked(Fields(values=reader.values, line_of=reader.lines.get))


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _wrapped(values: Any) -> str | None:
    """Return the policy in the body of a request to Vault, or of its answer."""
    body = values.get("data", values)
    policy = body.get("policy") if isinstance(body, dict) else None
    return policy if isinstance(policy, str) else None


def _decoded(text: str) -> str:
    """Return the policy in a request, which may be in Base64."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    return text


def _checked(fields: Fields) -> tuple[int, list[tuple[str, int]]]:
    """Return the length, and the set and the minimum of each rule, if Vault accepts them."""
    fields.require_known({"length", "rule"})
    length = fields.number("length", limits=_LENGTHS)
    rules = fields.values.get("rule", [])
    if isinstance(rules, dict):
        rules = [rules]
    if not isinstance(rules, list) or not rules:
        raise fields.error("rule", gettext("There must be at least one rule."))
    sets = [_checked_rule(fields, rule, ("rule", index)) for index, rule in enumerate(rules)]
    needed = sum(minimum for _members, minimum in sets)
    if needed > length:
        message = gettext("must be at least %(minimum)d, the sum of the minimums")
        raise fields.error("length", message % {"minimum": needed})
    return length, sets


def _checked_rule(fields: Fields, rule: object, path: tuple[str | int, ...]) -> tuple[str, int]:
    body = rule[_RULE] if isinstance(rule, dict) and list(rule) == [_RULE] else None
    if isinstance(body, list) and len(body) == 1:
        (body,) = body
    if not isinstance(body, dict):
        message = gettext("Each rule must be of the type “charset”.")
        raise documents.at_line(fields.line_of(path), message)
    own = Fields(values=body, path=(*path, _RULE), line_of=fields.line_of)
    own.require_known({"charset", "min-chars"})
    members = own.characters("charset")
    if not members:
        raise own.error("charset", gettext("may not be empty"))
    return members, own.number("min-chars", 0, limits=(0, characters.MAX_LENGTH))


def _starts_as_hcl(text: str) -> bool:
    try:
        first, second = islice(_tokens(text), 2)
    except (PolicyFileError, ValueError):
        return False
    name = first.text.strip('"')
    return (name == "length" and second.text == "=") or (
        name == "rule" and second.text.strip('"') == _RULE
    )


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens of HCL, and one for the end; PolicyFileError if there is anything else."""
    position = line = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise _unexpected(_Token("", text[position:].partition("\n")[0], line))
        if found.lastgroup and found.lastgroup != "blank":
            yield _Token(found.lastgroup, found[0], line)
        line += found[0].count("\n")
        position = found.end()
    yield _Token("end", "", line)


class _Reader:
    """Reads HCL, as far as policies use it, into *values* like those of the JSON form.

    Attributes:
        values: the fields by name.
        lines: the line of each field and of each rule, by its path.
    """

    def __init__(self, text: str) -> None:
        self.values: dict[str, Any] = {}
        self.lines: dict[Path, int | None] = {}
        self._tokens = _tokens(text)
        self._next = next(self._tokens)

    def read(self) -> None:
        """Read the whole text."""
        while self._next.kind != "end":
            name = self._name()
            if name.text == "rule":
                self._read_rule(name.line)
            else:
                self._read_value(self.values, (), name)

    def _read_rule(self, line: int) -> None:
        rules = self.values.setdefault("rule", [])
        path = ("rule", len(rules))
        self.lines[path] = line
        kind = self._name().text
        body: dict[str, Any] = {}
        rules.append({kind: body})
        self._sign("{")
        while self._next.text != "}":
            self._read_value(body, (*path, kind), self._name())
        self._sign("}")

    def _read_value(self, body: dict[str, Any], path: tuple[str | int, ...], name: _Token) -> None:
        if name.text in body:
            message = gettext("Each name must be text and must appear only once.")
            raise documents.at_line(name.line, message)
        self._sign("=")
        self.lines[*path, name.text] = name.line
        value = self._take("number", "string")
        body[name.text] = int(value.text) if value.kind == "number" else _unquoted(value)

    def _name(self) -> _Token:
        name = self._take("name", "string")
        return name if name.kind == "name" else name._replace(text=_unquoted(name))

    def _sign(self, sign: str) -> None:
        if self._next.text != sign:
            raise _unexpected(self._next)
        self._take("sign")

    def _take(self, *kinds: str) -> _Token:
        token = self._next
        if token.kind not in kinds:
            raise _unexpected(token)
        self._next = next(self._tokens)
        return token


def _unquoted(token: _Token) -> str:
    """Return the text of a string."""
    if "${" in token.text:
        message = gettext("“${” starts an expression in HCL: write the dollar sign elsewhere.")
        raise documents.at_line(token.line, message)

    def character(found: re.Match[str]) -> str:
        if found[1][0] == "u" and len(found[1]) > 1:
            return chr(int(found[1][1:], 16))
        if found[1] not in _ESCAPES:
            raise _unexpected(token._replace(text=found[0]))
        return _ESCAPES[found[1]]

    return _ESCAPE.sub(character, token.text[1:-1])


def _unexpected(token: _Token) -> PolicyFileError:
    if token.kind == "end":
        message = gettext("The document ends too early.")
    else:
        shown = token.text[:20]
        message = gettext("“%(text)s” is not expected here.")
        message %= {"text": shown if shown.isprintable() else "?"}
    return documents.at_line(token.line, message)
