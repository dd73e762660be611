"""The API's contract (OpenAPI 3.1) as a page shows it. Its texts are English."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
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
        component: the name of the objects that it holds, which the page describes once; or empty.
    """

    name: str
    is_required: bool
    types: str
    limits: str
    choices: list[str]
    patterns: list[str]
    default: str
    text: SafeString
    component: str


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
class Body:
    """The body of a request or a response, or what a member holds.

    Attributes:
        name: the name in the contract, which is also the id of what members hold.
        text: what is said of all shapes, if there are several.
    """

    name: str
    text: SafeString
    shapes: list[Shape]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response; that of an error has no body of its own."""

    status: str
    text: SafeString
    body: Body | None
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
    body: Body | None
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
    content = {
        "about": _text(contract["info"]["description"]),
        "access": _access(contract),
        "groups": _groups(contract, reader),
        "components": reader.components(),
        "errors": reader.body(_ERRORS),
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
        self._components: dict[str, Body] = {}

    def components(self) -> list[Body]:
        """Return the objects that the members of the operations read so far hold."""
        return sorted(self._components.values(), key=attrgetter("name"))

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
            body=self.body(body["schema"]) if body else None,
            examples=[
                (_text(example.get("summary", "")), self._request(method, path, operation, example))
                for _name, example in examples
            ],
            answers=[
                self._answer(status, self._resolved(answer))
                for status, answer in operation["responses"].items()
            ],
        )

    def body(self, schema: Schema) -> Body:
        """Return the shapes of *schema*; errors, which the page describes once, are left out."""
        resolved = self._resolved(schema)
        alternatives = [found for found in resolved.get("oneOf", ()) if found != _ERRORS]
        return Body(
            name=_name(schema),
            text=_text(resolved.get("description", "") if alternatives else ""),
            shapes=[self._shape(found) for found in alternatives or [schema]],
        )

    def _shape(self, schema: Schema) -> Shape:
        resolved = self._resolved(schema)
        return Shape(
            title=_text(resolved.get("title", _name(schema))),
            text=_text(resolved.get("description", "")),
            members=list(self._members(resolved)),
            excluded=resolved.get("not", {}).get("required", []),
        )

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
        has_body = content and content["schema"] != _ERRORS
        return Answer(
            status=status,
            text=_text(answer["description"]),
            body=self.body(content["schema"]) if has_body else None,
            example=_json(content["example"]) if "example" in content else "",
        )

    def _members(self, schema: Schema, name: str = "") -> Iterator[Member]:
        """Yield the members of the value *name*: of an object, or of the objects in a list.

        Those of an object without a name of its own come with both names: ``errors.*``.
        """
        if "items" in schema:
            yield from self._members(schema["items"], f"{name}[]")
        members = dict(schema.get("properties", {}))
        if schema.get("additionalProperties"):
            members["*"] = schema["additionalProperties"]
        for own_name, member in members.items():
            full_name = f"{name}.{own_name}" if name else own_name
            is_required = own_name in schema.get("required", ())
            yield self._member(full_name, member, is_required=is_required)
            yield from self._members(member, full_name)

    def _member(self, name: str, schema: Schema, *, is_required: bool) -> Member:
        resolved = self._resolved(schema)
        component = self._component(resolved.get("items", schema))
        parts = [self._resolved(found) for found in resolved.get("oneOf", ())]
        facts = [resolved, *(() if component else parts)]
        return Member(
            name=name,
            is_required=is_required,
            types=" | ".join(dict.fromkeys(filter(None, map(self._type, [resolved, *parts])))),
            limits=", ".join(filter(None, map(_limits, facts))),
            choices=[_json(choice) for found in facts for choice in _choices(found)],
            patterns=[found["pattern"] for found in facts if "pattern" in found],
            default=_json(resolved["default"]) if "default" in resolved else "",
            text=_text(" ".join(filter(None, [found.get("description") for found in facts]))),
            component=component,
        )

    def _component(self, schema: Schema) -> str:
        """Return the name of *schema* if it has one and is of objects, which are then described."""
        resolved = self._resolved(schema)
        parts = [self._resolved(found) for found in resolved.get("oneOf", [resolved])]
        name = _name(schema)
        if not (name and any("properties" in part for part in parts)):
            return ""
        if name not in self._components:
            self._components[name] = self.body(schema)
        return name

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


def _name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


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
