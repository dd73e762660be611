"""The API's contract (OpenAPI 3.1): `openapi.json` with a schema for each kind of recipe."""

import json
from pathlib import Path
from typing import Any

from passwords import domain, formats, sharing
from passwords.api import secret_requests
from passwords.parameters import FORMAT_PARAMETERS, PARAMETERS, Parameter
from passwords.validation import DEFAULT_KIND


def build_contract() -> dict[str, Any]:
    """Return the OpenAPI document."""
    document: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_bytes())
    schemas = document["components"]["schemas"]
    schemas["Kind"]["enum"] = list(PARAMETERS)
    schemas["Flat"]["enum"] = list(secret_requests.FLAT)
    schemas["FormatName"]["enum"] = list(formats.FORMATS)
    schemas["Format"]["oneOf"] = [_format_schema(found) for found in formats.FORMATS.values()]
    schemas["ExpiresIn"]["maximum"] = sharing.max_seconds()
    for kind in PARAMETERS:
        schemas[f"{kind.capitalize()}Request"] |= _request_schema(kind)
    return document


def _request_schema(kind: str) -> dict[str, Any]:
    named = {"type": "string", "const": kind}
    return {
        "type": "object",
        "additionalProperties": False,
        **({} if kind == DEFAULT_KIND else {"required": ["kind"]}),
        **_size_or_bits(kind),
        "properties": {
            "kind": {**named, "default": kind} if kind == DEFAULT_KIND else named,
            **{name: _schema(parameter) for name, parameter in PARAMETERS[kind].items()},
            "count": {"$ref": "#/components/schemas/Count"},
            "keep": {"$ref": "#/components/schemas/Keep"},
            "flat": {"$ref": "#/components/schemas/Flat"},
            "format": {"$ref": "#/components/schemas/Format"},
            "share": {"$ref": "#/components/schemas/ShareOptions"},
        },
    }


def _size_or_bits(kind: str) -> dict[str, Any]:
    """Return the rule that the size and ``bits`` are not given together."""
    size = domain.SIZE_PARAMETER.get(kind)
    return {"not": {"required": [size, "bits"]}} if size else {}


def _format_schema(found: formats.Format) -> dict[str, Any]:
    parameters = FORMAT_PARAMETERS[found.name]
    return {
        "title": found.name,
        "type": "object",
        "additionalProperties": False,
        "required": ["as", *(field.name for field in found.fields if field.is_required)],
        "properties": {
            "as": {"type": "string", "const": found.name},
            **{name: _schema(parameter) for name, parameter in parameters.items()},
        },
    }


def _schema(parameter: Parameter) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the values of *parameter*."""
    text = {"type": "string", "pattern": parameter.pattern or "."}
    if parameter.type in {"integer", "number"}:
        limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
        schema: dict[str, Any] = {"type": parameter.type, **limits}
    elif parameter.type == "flag":
        schema = {"type": "boolean"}
    elif parameter.type == "symbols":
        schema = {"oneOf": [{"type": "boolean"}, text], "default": True}
    elif parameter.type == "choice":
        schema = {"type": "string", "enum": list(parameter.choices)}
    else:
        schema = {**text, "maxLength": parameter.max_length}
    if parameter.default is not None:
        schema.setdefault("default", parameter.default)
    return {"description": _description(parameter), **schema}


def _description(parameter: Parameter) -> str:
    if parameter.type == "symbols":
        return f"True for all of ASCII punctuation, false for none. Text: {parameter.help}"
    is_on = parameter.type == "flag" and parameter.default is True
    return f"Allow {parameter.help}." if is_on else parameter.help
