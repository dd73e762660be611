"""A recipe's parameters as fields of a form: the domain's faults stand on the field at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from passwords import domain
from passwords.models import Kind, Policy
from passwords.presentation.explaining import explained
from passwords.presentation.labels import CHOICES, LABELS
from passwords.validation import InvalidRequestError, translated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.exceptions import ValidationError

    from passwords.domain import Recipe

    PolicyModelForm = forms.ModelForm[Policy]
else:  # the class takes no parameter at run time
    PolicyModelForm = forms.ModelForm

_YES_OR_NO: Final = [("", _("As usual")), ("on", _("Yes")), ("off", _("No"))]
_FLAGS: Final = (
    "lowercase",
    "uppercase",
    "digits",
    "symbols",
    "exclude_lookalikes",
    "repeats_or_runs",
)
_MINIMUMS: Final = ("min_lowercase", "min_uppercase", "min_digits", "min_symbols")
_NUMBERS: Final = ("length", "words", "bytes", *_MINIMUMS)
_TEXTS: Final = ("exclude", "wordlist", "separator", "capitalize", "insert", "encoding")

PARAMETER_FIELDS: Final[dict[str, Sequence[str]]] = {
    "size": ("length", "words", "bytes", "bits"),
    "characters": (
        *("lowercase", "uppercase", "digits", "symbols", "symbol_set"),
        *("exclude_lookalikes", "exclude", *_MINIMUMS),
    ),
    "passphrase": ("wordlist", "separator", "no_separator", "capitalize", "insert"),
    "pin": ("repeats_or_runs",),
    "token": ("encoding",),
}
"""The fields by the part of the form that they stand in; all but ``size`` are a kind's own."""


def _kinds(name: str) -> dict[str, str]:
    """Return the attribute that tells the page's script for which kinds to show the field."""
    parameter = {"symbol_set": "symbols", "no_separator": "separator"}.get(name, name)
    kinds = [kind for kind in domain.RECIPES if parameter in domain.parameter_names(kind)]
    return {"data-kinds": " ".join(kinds)}


def _number(name: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=LABELS[name], required=False, widget=forms.NumberInput(attrs=_kinds(name))
    )


def _flag(name: str) -> forms.ChoiceField:
    label = _("Allow repeats and runs") if name == "repeats_or_runs" else LABELS[name]
    return forms.ChoiceField(
        label=label, required=False, choices=_YES_OR_NO, widget=forms.Select(attrs=_kinds(name))
    )


def _text(name: str) -> forms.CharField:
    # A space is a separator, and no blank.
    return forms.CharField(
        label=LABELS[name], required=False, strip=False, widget=forms.TextInput(attrs=_kinds(name))
    )


def _choice(name: str) -> forms.ChoiceField:
    choices = _wordlists() if name == "wordlist" else CHOICES[name]
    return forms.ChoiceField(
        label=LABELS[name],
        required=False,
        choices=[("", _("As usual")), *choices],
        widget=forms.Select(attrs=_kinds(name)),
    )


def _wordlists() -> list[tuple[str, str]]:
    return [
        (entry.name, f"{entry.title} ({get_language_info(entry.language)['name_local']})")
        for entry in domain.WORDLISTS.values()
    ]


class RecipeForm(forms.Form):
    """A recipe: its kind, and its parameters, of which those left empty keep their defaults.

    Attributes:
        recipe: what the fields describe, once the form is valid.
    """

    kind = forms.ChoiceField(label=LABELS["kind"], choices=Kind)
    length = _number("length")
    words = _number("words")
    bytes = _number("bytes")
    bits = forms.FloatField(
        label=LABELS["bits"],
        required=False,
        help_text=_("In place of the size: the shortest secret that reaches them."),
        widget=forms.NumberInput(attrs={"step": "any", **_kinds("bits")}),
    )
    lowercase = _flag("lowercase")
    uppercase = _flag("uppercase")
    digits = _flag("digits")
    symbols = _flag("symbols")
    symbol_set = _text("symbol_set")
    exclude_lookalikes = _flag("exclude_lookalikes")
    exclude = _text("exclude")
    min_lowercase = _number("min_lowercase")
    min_uppercase = _number("min_uppercase")
    min_digits = _number("min_digits")
    min_symbols = _number("min_symbols")
    wordlist = _choice("wordlist")
    separator = _text("separator")
    no_separator = forms.BooleanField(
        label=_("No separator"),
        required=False,
        widget=forms.CheckboxInput(attrs=_kinds("no_separator")),
    )
    capitalize = _choice("capitalize")
    insert = _choice("insert")
    repeats_or_runs = _flag("repeats_or_runs")
    encoding = _choice("encoding")

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
        super()._update_errors(errors)  # type: ignore[misc]  # Django's own, not in the stubs


def parameters_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that filled fields describe, as policies store them."""
    found: dict[str, Any] = {
        name: cleaned[name] for name in _NUMBERS if cleaned.get(name) is not None
    }
    found |= {name: cleaned[name] == "on" for name in _FLAGS if cleaned.get(name)}
    found |= {name: cleaned[name] for name in _TEXTS if cleaned.get(name)}
    bits = cleaned.get("bits")
    if bits is not None:
        found["bits"] = int(bits) if bits == int(bits) else bits
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
