"""A recipe's parameters as fields of a form: the domain's faults stand on the field at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from passwords import domain
from passwords.models import Kind, Policy
from passwords.parameters import BY_NAME, PARAMETERS, Parameter
from passwords.presentation.explaining import explained
from passwords.presentation.labels import LABELS
from passwords.validation import InvalidRequestError, translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.exceptions import ValidationError
    from django_stubs_ext import StrOrPromise

    from passwords.domain import Recipe

    PolicyModelForm = forms.ModelForm[Policy]
else:  # the class takes no parameter at run time
    PolicyModelForm = forms.ModelForm

_YES_OR_NO: Final = [("", _("As usual")), ("on", _("Yes")), ("off", _("No"))]
# Fields of this form that are no parameter of their own, by the parameter that they are a part of.
_PART_OF: Final = {"symbol_set": "symbols", "no_separator": "separator"}
_SIZES: Final = dict.fromkeys(domain.SIZE_PARAMETER.values())


def _fields_of(kind: str) -> Iterator[str]:
    """Yield the fields of the parameters that are not in the part ``size``."""
    for name in PARAMETERS[kind]:
        if name not in _SIZES and name != "bits":
            yield name
            yield from (part for part, whole in _PART_OF.items() if whole == name)


PARAMETER_FIELDS: Final[dict[str, Sequence[str]]] = {
    "size": (*_SIZES, "bits"),
    **{kind: tuple(_fields_of(kind)) for kind in PARAMETERS},
}
"""The fields by the part of the form that they stand in; all but ``size`` are a kind's own."""


def _form_field(name: str) -> forms.Field:
    """Return the field of the parameter *name*, or of a part of one.

    Its attribute ``data-kinds`` tells the page's script for which kinds to show it.
    """
    parameter = BY_NAME[_PART_OF.get(name, name)][0]
    kinds = [kind for kind, known in PARAMETERS.items() if parameter.name in known]
    attributes = {"data-kinds": " ".join(kinds)}
    if name == "no_separator":
        return forms.BooleanField(
            label=_("No separator"), required=False, widget=forms.CheckboxInput(attributes)
        )
    label = _("Allow repeats and runs") if parameter.is_refusal else LABELS[name]
    if parameter.type == "integer":
        return forms.IntegerField(label=label, required=False, widget=forms.NumberInput(attributes))
    if parameter.type == "number":
        return forms.FloatField(
            label=label,
            required=False,
            help_text=_("In place of the size: the shortest secret that reaches them."),
            widget=forms.NumberInput({"step": "any", **attributes}),
        )
    if parameter.type == "text" or name == "symbol_set":
        # A space is a separator, and no blank.
        return forms.CharField(
            label=label, required=False, strip=False, widget=forms.TextInput(attributes)
        )
    choices = _choices(parameter) if parameter.type == "choice" else _YES_OR_NO
    return forms.ChoiceField(
        label=label, required=False, choices=choices, widget=forms.Select(attributes)
    )


def _choices(parameter: Parameter) -> list[tuple[str, StrOrPromise]]:
    labels = [*parameter.choices.items()]
    if parameter.name == "wordlist":
        labels = [
            (entry.name, f"{entry.title} ({get_language_info(entry.language)['name_local']})")
            for entry in domain.WORDLISTS.values()
        ]
    return [("", _("As usual")), *labels]


# A form's class takes its fields from its body: these come from the table.
_ParameterFields: Any = type(
    "_ParameterFields",
    (forms.Form,),
    {name: _form_field(name) for names in PARAMETER_FIELDS.values() for name in names},
)


class RecipeForm(_ParameterFields):  # type: ignore[misc]  # made by `type`
    """A recipe: its kind, and its parameters, of which those left empty keep their defaults.

    Attributes:
        recipe: what the fields describe, once the form is valid.
    """

    kind = forms.ChoiceField(label=LABELS["kind"], choices=Kind)
    recipe: Recipe | None = None

    def clean(self) -> dict[str, Any]:
        """Let the domain judge the parameters."""
        cleaned: dict[str, Any] = {**self.cleaned_data}
        if self.errors:
            return cleaned
        try:
            self.recipe = domain.build(cleaned["kind"], parameters_of(cleaned))
        except domain.RecipeError as error:
            fault = InvalidRequestError(error.field, translated(error), error)
            for name, message in explained(fault).items():
                self.add_error(name if name in self.fields else None, message)
        return cleaned


class PolicyForm(PolicyModelForm, RecipeForm):
    """A policy, with a field for each parameter of its recipe."""

    class Meta:
        model = Policy
        fields = ("name", "slug", "description", "kind", "active", "default", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        policy = kwargs.get("instance")
        stored = values_of(policy.parameters) if policy else {}
        kwargs["initial"] = {**stored, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Give the policy the parameters that the fields describe."""
        super().clean()
        cleaned = RecipeForm.clean(self)
        if self.recipe is not None:
            self.instance.parameters = parameters_of(cleaned)
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave out what the model says of the parameters: it stands on their own fields."""
        if hasattr(errors, "error_dict"):
            errors.error_dict.pop("parameters", None)
        super()._update_errors(errors)


def parameters_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that filled fields describe, as policies store them."""
    found: dict[str, Any] = {}
    for name, (parameter, *_others) in BY_NAME.items():
        value = cleaned.get(name)
        if value in {None, ""}:
            continue
        found[name] = value == "on" if parameter.type in {"flag", "symbols"} else value
    bits = found.get("bits")
    if bits is not None and bits == int(bits):
        found["bits"] = int(bits)
    if cleaned.get("symbol_set"):
        found["symbols"] = cleaned["symbol_set"]
    if cleaned.get("no_separator"):
        found["separator"] = ""
    return found


def values_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in the fields for *parameters*: the way back."""
    values = {
        name: ("on" if value else "off") if isinstance(value, bool) else value
        for name, value in parameters.items()
    }
    if isinstance(symbols := parameters.get("symbols"), str):
        values |= {"symbols": "on" if symbols else "off", "symbol_set": symbols}
    if parameters.get("separator") == "":
        values |= {"separator": "", "no_separator": True}
    return values
