"""A recipe's parameters as form fields; an error of the domain is shown at its field."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from passwords import domain
from passwords.models import Kind, Policy
from passwords.parameters import BY_NAME, PARAMETERS, Parameter
from passwords.presentation.labels import LABELS
from passwords.presentation.presets import preset
from passwords.presentation.recipe_form import error_messages, wordlist_label
from passwords.validation import InvalidRequestError, translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.exceptions import ValidationError
    from django_stubs_ext import StrOrPromise

    from passwords.domain import Recipe

    PolicyModelForm = forms.ModelForm[Policy]
else:  # the class takes no parameter at run time
    PolicyModelForm = forms.ModelForm

# Fields of this form that are part of another parameter, and this parameter.
_PART_OF: Final = {"symbol_set": "symbols", "no_separator": "separator"}
# The sizes, and what several kinds have: a field is in only one section.
_SHARED: Final = dict.fromkeys(
    [
        *domain.SIZE_PARAMETER.values(),
        *(name for name, found in BY_NAME.items() if len(found) > 1),
    ]
)


def _fields_of(kind: str) -> Iterator[str]:
    """Yield the fields of *kind* that are not in the section ``shared``."""
    for name in PARAMETERS[kind]:
        if name not in _SHARED:
            yield name
            yield from (part for part, whole in _PART_OF.items() if whole == name)


PARAMETER_FIELDS: Final[dict[str, Sequence[str]]] = {
    "shared": tuple(_SHARED),
    **{kind: tuple(_fields_of(kind)) for kind in PARAMETERS},
}
"""The fields by section of the form: one that kinds share, and one for each kind."""


def label_of(name: str) -> StrOrPromise:
    """Return the label of a field; it names what is allowed, where the public page's does not."""
    refuses = name in BY_NAME and BY_NAME[name][0].is_refusal
    return _("Allow repeats and runs") if refuses else LABELS.get(name, name)


def _form_field(name: str) -> forms.Field:
    """Return the form field *name*.

    Its attribute ``data-kinds`` tells the page's script for which kinds to show it.
    """
    parameter = BY_NAME[_PART_OF.get(name, name)][0]
    kinds = [kind for kind, known in PARAMETERS.items() if parameter.name in known]
    attributes = {"data-kinds": " ".join(kinds)}
    if name == "no_separator":
        return forms.BooleanField(
            label=_("No separator"), required=False, widget=forms.CheckboxInput(attributes)
        )
    label = label_of(name)
    if parameter.type == "integer":
        return forms.IntegerField(label=label, required=False, widget=forms.NumberInput(attributes))
    if parameter.type == "number":
        return forms.FloatField(
            label=label,
            required=False,
            help_text=_(
                "Instead of the size: the shortest secret with at least this entropy. A pattern"
                " with less is refused."
            ),
            widget=forms.NumberInput({"step": "any", **attributes}),
        )
    if parameter.type == "text" or name == "symbol_set":
        # Not stripped: a space is a valid separator.
        return forms.CharField(
            label=label, required=False, strip=False, widget=forms.TextInput(attributes)
        )
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=partial(_choices, parameter),  # called for each form, in its language
        widget=forms.Select(attributes),
    )


def _choices(parameter: Parameter) -> list[tuple[str, StrOrPromise]]:
    if parameter.type != "choice":
        default = _("Default (yes)") if parameter.default else _("Default (no)")
        return [("", default), ("on", _("Yes")), ("off", _("No"))]
    if parameter.name != "wordlist":
        return [("", _("Default")), *parameter.choices.items()]
    wordlists = [(name, wordlist_label(entry)) for name, entry in domain.WORDLISTS.items()]
    return [("", _("Default")), *wordlists]


# Django reads a form's fields from the class body; these are made from PARAMETERS.
_ParameterFields: Any = type(
    "_ParameterFields",
    (forms.Form,),
    {name: _form_field(name) for names in PARAMETER_FIELDS.values() for name in names},
)


class RecipeForm(_ParameterFields):  # type: ignore[misc]  # made by `type`
    """A recipe: its kind and its parameters. Empty fields keep their defaults.

    Attributes:
        recipe: the recipe, once the form is valid.
    """

    kind = forms.ChoiceField(label=LABELS["kind"], choices=Kind)
    recipe: Recipe | None = None

    def clean(self) -> dict[str, Any]:
        """Build the recipe, which validates the parameters."""
        cleaned: dict[str, Any] = {**self.cleaned_data}
        if self.errors:
            return cleaned
        try:
            self.recipe = domain.build(cleaned["kind"], parameters_of(cleaned))
        except domain.RecipeError as error:
            fault = InvalidRequestError(error.field, translated(error), error)
            for name, message in error_messages(fault).items():
                self.add_error(name if name in self.fields else None, message)
        return cleaned


class PolicyForm(PolicyModelForm, RecipeForm):
    """A policy, with a field for each parameter of its recipe."""

    class Meta:
        model = Policy
        fields = ("name", "slug", "description", "kind", "active", "default", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        policy = kwargs.get("instance")
        stored = _values_of_policy(policy) if policy else {}
        kwargs["initial"] = {**stored, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        wordlist = stored.get("wordlist")
        if wordlist and wordlist not in domain.WORDLISTS:
            # Without it the form would show the default, and saving would replace the list.
            field: Any = self.fields["wordlist"]
            field.choices = [*field.choices, (wordlist, wordlist)]

    def clean_name(self) -> str:
        """Return the stored name if the form's is its translation."""
        return self._untranslated("name")

    def clean_description(self) -> str:
        """Return the stored description if the form's is its translation."""
        return self._untranslated("description")

    def clean_bits(self) -> float | None:
        """Return the stored entropy if the form's is the shortened one."""
        bits: float | None = self.cleaned_data["bits"]
        stored: float | None = self.instance.parameters.get("bits")
        return stored if bits == self.initial.get("bits") else bits

    def _untranslated(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        stored: str = getattr(self.instance, name)
        return stored if text == self.initial.get(name) else text

    def clean(self) -> dict[str, Any]:
        """Set the policy's parameters from the fields."""
        super().clean()
        cleaned = RecipeForm.clean(self)
        if self.recipe is not None:
            self.instance.parameters = parameters_of(cleaned)
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave out the model's error on the parameters: it is shown at their own fields."""
        if hasattr(errors, "error_dict"):
            errors.error_dict.pop("parameters", None)
        super()._update_errors(errors)


def _values_of_policy(policy: Policy) -> dict[str, Any]:
    """Return the values of the fields for *policy*, for people.

    Built-in texts are translated, and an entropy has at most two decimals, rounded down.
    """
    shown = preset(policy)
    values = {
        **values_of(policy.parameters),
        "name": shown.name,
        "description": shown.description,
    }
    if isinstance(bits := values.get("bits"), float):
        values["bits"] = math.floor(bits * 100) / 100
    return values


def parameters_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the filled fields, as policies store them."""
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
    """Return the values of the fields for *parameters*; the inverse of `parameters_of`."""
    values = {
        name: ("on" if value else "off") if isinstance(value, bool) else value
        for name, value in parameters.items()
    }
    if isinstance(symbols := parameters.get("symbols"), str):
        values |= {"symbols": "on" if symbols else "off", "symbol_set": symbols}
    if parameters.get("separator") == "":
        values |= {"separator": "", "no_separator": True}
    return values
