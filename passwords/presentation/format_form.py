"""The forms that write a secret in a format, one for each format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from passwords import domain
from passwords.formats import FORMATS, Format
from passwords.parameters import FORMAT_PARAMETERS, Parameter
from passwords.presentation.recipe_form import Field
from passwords.validation import format_field_name, translated

_TEMPLATES: Final = {"integer": "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatForm:
    """The form of one format.

    Attributes:
        name: the name of the format.
        label: its label in the active language.
        fields: the template of each field, and the field.
        is_open: whether its fields are shown at once.
        error: why the format does not take the secret; empty otherwise.
    """

    name: str
    label: str
    fields: Sequence[tuple[str, Field]]
    is_open: bool
    error: str


def format_forms(
    encoding: str,
    *,
    chosen: str = "",
    post: Mapping[str, str] | None = None,
    error: domain.RecipeError | None = None,
) -> list[FormatForm]:
    """Return the forms of all formats that suit a secret.

    Args:
        encoding: of a token; empty for other kinds.
        chosen: the name of the format whose fields are shown at once.
        post: the form as it was sent.
        error: of the chosen format; its field ``as`` is the format itself.
    """
    return [
        _form(FORMATS[name], post or {}, is_open=name == chosen, error=error)
        for name in names_that_suit(encoding)
    ]


def names_that_suit(encoding: str) -> list[str]:
    """Return the names of the formats that suit a secret; its *encoding* as in `format_forms`."""
    return [name for name, found in FORMATS.items() if found.suits(encoding)]


def format_label(name: str) -> str:
    """Return the label of a format in the active language; empty for one that is not known."""
    return gettext(FORMATS[name].label) if name in FORMATS else ""


def _form(
    found: Format, post: Mapping[str, str], *, is_open: bool, error: domain.RecipeError | None
) -> FormatForm:
    errors = {error.field: translated(error)} if error and is_open else {}
    fields = [
        (
            f"passwords/_{_TEMPLATES.get(parameter.type, parameter.type)}.html",
            _field(found, parameter, post, errors.get(parameter.name, "")),
        )
        for parameter in FORMAT_PARAMETERS[found.name].values()
    ]
    return FormatForm(
        name=found.name,
        label=gettext(found.label),
        fields=fields,
        is_open=is_open,
        error=errors.get("as", ""),
    )


def _field(found: Format, parameter: Parameter, post: Mapping[str, str], error: str) -> Field:
    name = format_field_name(found.name, parameter.name)
    first = "" if parameter.default is None else parameter.default
    value = post.get(name, first)[: domain.MAX_TEXT_LENGTH] if name in post else first
    return Field(
        name=name,
        label=str(parameter.label),
        value=value == "on" if name in post and parameter.type == "flag" else value,
        placeholder=str(first),
        error=error,
        minimum=parameter.minimum,
        maximum=parameter.max_length if parameter.type == "text" else parameter.maximum,
        choices=[(value, str(label)) for value, label in parameter.choices.items()],
        sample=parameter.sample if parameter.type == "text" else "",
        is_required=any(
            field.name == parameter.name and field.is_required for field in found.fields
        ),
    )
