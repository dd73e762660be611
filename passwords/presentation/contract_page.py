"""The API's contract (OpenAPI 3.1) as a page shows it: each operation with its members, flattened.

The texts of the contract are English. A member of an object inside another one has both names:
``share.views``, ``secrets[].id``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

Schema = Mapping[str, Any]

KEYWORDS: Final = frozenset(
    {"$ref", "additionalProperties", "const", "default", "description", "enum", "format", "items"}
) | {
    *("maxItems", "maxLength", "maximum", "minItems", "minLength", "minProperties", "minimum"),
    *("not", "oneOf", "pattern", "properties", "required", "title", "type"),
}
"""The keywords of JSON Schema that the page shows."""

_LINE: Final = 72
"""The longest line of JSON in an example, in characters."""
_CODE: Final = re.compile(r"`([^`]+)`")
_ERRORS: Final = {"$ref": "#/components/schemas/Errors"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a JSON object, or one parameter of a path.

    Attributes:
        types: JSON's types, such as ``integer``.
        limits: the ranges of numbers, lengths and sizes, in the active language.
        choices: the allowed values as JSON.
        default: the default as JSON, or empty.
        text: the English description.
    """

    name: str
    is_required: bool
    types: str
    limits: str
    choices: list[str]
    patterns: list[str]
    default: str
    text: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One of the JSON values that a body may be.

    Attributes:
        excluded: members that are not allowed together.
    """

    title: SafeString
    text: SafeString
    members: list[Member]
    excluded: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response; one that is not an error has shapes, and perhaps an example."""

    status: str
    text: SafeString
    shapes: list[Shape]
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of a path.

    Attributes:
        anchor: the id on the page.
        is_public: whether it never needs a token.
        scopes: the scopes of which a token needs one; empty if any token will do.
        examples: a title, which may be empty, and a request for each.
    """

    anchor: str
    method: str
    path: str
    summary: SafeString
    text: SafeString
    is_public: bool
    scopes: list[str]
    parameters: list[Member]
    shapes: list[Shape]
    examples: list[tuple[SafeString, str]]
    answers: list[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operations with the same tag."""

    anchor: str
    text: SafeString
    operations: list[Operation]


def contract_html(contract: Schema, *, prefix: str) -> SafeString:
    """Return the whole contract as HTML in the active language.

    Args:
        contract: the OpenAPI document.
        prefix: what goes before each path, as in ``URL_PREFIX``.
    """
    reader = _Reader(contract, prefix)
    (errors,) = reader.shapes(_ERRORS)
    content = {
        "about": _text(contract["info"]["description"]),
        "access": _access(contract),
        "groups": _groups(contract, reader),
        "errors": errors,
        "error_example": _json({"errors": {"length": ["must be between 4 and 256"]}}),
    }
    return render_to_string("passwords/_contract.html", content)


def _groups(contract: Schema, reader: "_Reader") -> list[Group]:
    """Return the operations in the order of the tags."""
    operations = [
        (operation["tags"][0], reader.operation(method, path, operation))
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    ]
    return [
        Group(
            anchor=tag["name"],
            text=_text(tag["description"].removesuffix(".")),
            operations=[operation for name, operation in operations if name == tag["name"]],
        )
        for tag in contract["tags"]
    ]


def _access(contract: Schema) -> list[tuple[str, SafeString]]:
    """Return the header of each way to be known to the server, and what it means."""
    return [
        (
            "Authorization: Bearer gps_…"
            if scheme["type"] == "http"
            else f"Cookie: {scheme['name']}=…",
            _text(scheme["description"]),
        )
        for scheme in contract["components"]["securitySchemes"].values()
    ]


class _Reader:
    """Reads operations and schemas of one contract, in which references lead to other places."""

    def __init__(self, contract: Schema, prefix: str) -> None:
        self._contract = contract
        self._prefix = prefix

    def operation(self, method: str, path: str, operation: Schema) -> Operation:
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = body.get("examples", {None: {}}).items()
        return Operation(
            anchor=operation["operationId"],
            method=method.upper(),
            path=f"{self._prefix}{path}",
            summary=_text(operation["summary"]),
            text=_text(operation.get("description", "")),
            is_public="security" not in operation,
            scopes=[
                scope
                for alternative in operation.get("security", ())
                for scope in alternative.get("token", ())
            ],
            parameters=[
                self._member(parameter["name"], parameter["schema"], is_required=True)
                for parameter in operation.get("parameters", ())
            ],
            shapes=self.shapes(body["schema"]) if body else [],
            examples=[
                (_text(example.get("summary", "")), self._request(method, path, operation, example))
                for _name, example in examples
            ],
            answers=[
                self._answer(status, self._resolved(answer))
                for status, answer in operation["responses"].items()
            ],
        )

    def shapes(self, schema: Schema) -> list[Shape]:
        """Return the alternatives of *schema*, which are not errors."""
        resolved = self._resolved(schema)
        if "oneOf" in resolved:
            return [
                shape
                for alternative in resolved["oneOf"]
                if alternative != _ERRORS
                for shape in self.shapes(alternative)
            ]
        name = schema.get("$ref", "").rpartition("/")[2]
        return [
            Shape(
                title=_text(resolved.get("title", name)),
                text=_text(resolved.get("description", "")),
                members=list(self._members(resolved)),
                excluded=resolved.get("not", {}).get("required", []),
            )
        ]

    def _request(self, method: str, path: str, operation: Schema, example: Schema) -> str:
        """Return a request as HTTP/1.1 writes it, without the headers that every client sends."""
        for parameter in operation.get("parameters", ()):
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
        lines = [f"{method.upper()} {self._prefix}{path}"]
        if "security" in operation:
            lines.append("Authorization: Bearer gps_…")
        if "value" in example:
            lines += ["Content-Type: application/json", "", _json(example["value"])]
        return "\n".join(lines)

    def _answer(self, status: str, answer: Schema) -> Answer:
        content = answer.get("content", {}).get("application/json", {})
        has_shapes = content and content["schema"] != _ERRORS
        return Answer(
            status=status,
            text=_text(answer["description"]),
            shapes=self.shapes(content["schema"]) if has_shapes else [],
            example=_json(content["example"]) if "example" in content else "",
        )

    def _members(self, schema: Schema, name: str = "") -> Iterator[Member]:
        """Yield the members of the value *name*: of an object, or of the objects in a list."""
        if "items" in schema:
            yield from self._members(self._resolved(schema["items"]), f"{name}[]")
        members = dict(schema.get("properties", {}))
        if schema.get("additionalProperties"):
            members["*"] = schema["additionalProperties"]
        for own_name, member in members.items():
            full_name = f"{name}.{own_name}" if name else own_name
            is_required = own_name in schema.get("required", ())
            yield self._member(full_name, member, is_required=is_required)
            yield from self._members(self._resolved(member), full_name)

    def _member(self, name: str, schema: Schema, *, is_required: bool) -> Member:
        schema = self._resolved(schema)
        alternatives = [self._resolved(found) for found in schema.get("oneOf", [schema])]
        texts = [schema.get("description", "")]
        texts += [found.get("description", "") for found in schema.get("oneOf", ())]
        return Member(
            name=name,
            is_required=is_required,
            types=" | ".join(filter(None, map(self._type, alternatives))),
            limits=", ".join(filter(None, map(_limits, alternatives))),
            choices=[_json(choice) for found in alternatives for choice in _choices(found)],
            patterns=[found["pattern"] for found in alternatives if "pattern" in found],
            default=_json(schema["default"]) if "default" in schema else "",
            text=_text(" ".join(filter(None, texts))),
        )

    def _type(self, schema: Schema) -> str:
        """Return JSON's name of the type, such as ``integer`` or ``object[]``."""
        if "items" in schema:
            return f"{self._type(self._resolved(schema['items']))}[]"
        found = schema.get("type", "")
        name = " | ".join(found) if isinstance(found, list) else str(found)
        return f"{name} ({schema['format']})" if "format" in schema else name

    def _resolved(self, schema: Schema) -> Schema:
        """Return what a reference leads to, or the schema itself."""
        if "$ref" not in schema:
            return schema
        found: Any = self._contract
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return {**found, **{name: value for name, value in schema.items() if name != "$ref"}}


def _limits(schema: Schema) -> str:
    return ", ".join(
        template % {"range": found}
        for template, found in (
            ("%(range)s", _range(schema, "minimum", "maximum")),
            (gettext("%(range)s characters"), _range(schema, "minLength", "maxLength")),
            (gettext("%(range)s items"), _range(schema, "minItems", "maxItems")),
            (gettext("%(range)s members"), _range(schema, "minProperties", "maxProperties")),
        )
        if found
    )


def _range(schema: Schema, lowest: str, highest: str) -> str:
    minimum, maximum = schema.get(lowest), schema.get(highest)
    if minimum is not None and maximum is not None:
        return f"{minimum}–{maximum}"  # noqa: RUF001  # a dash between numbers
    if maximum is not None:
        return f"≤ {maximum}"
    return "" if minimum is None else f"≥ {minimum}"


def _choices(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else schema.get("enum", [])


def _json(value: Any) -> str:
    """Return JSON, with a line for each member if it would not fit into one."""
    line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= _LINE else json.dumps(value, ensure_ascii=False, indent=2)


def _text(english: str) -> SafeString:
    """Return a text of the contract as HTML, with what is between backticks as code."""
    return SafeString(_CODE.sub(r"<code>\1</code>", escape(english)))
