"""The form of each kind of recipe: its fields, their values and their errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import get_language, get_language_info, gettext

from passwords import domain, validation
from passwords.domain import RecipeError
from passwords.domain.wordlists import WordlistEntry
from passwords.numbers import whole_number
from passwords.parameters import PARAMETERS, Parameter
from passwords.presentation.labels import BY_SIZE, LABELS

# Fields of the page that are part of another parameter, and this parameter.
_PART_OF: Final = {"symbol_set": "symbols"}
_CURRENT_NAMES: Final = {old: name for name, old in validation.LEGACY_NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field as a template needs it; each template uses some of the attributes.

    Attributes:
        placeholder: what an empty field stands for.
        is_required: whether the browser refuses an empty field.
    """

    name: str
    label: str
    value: Any
    placeholder: str
    error: str = ""
    minimum: int = 0
    maximum: int = 0
    slider_end: int = 0
    choices: Sequence[tuple[str, str]] = ()
    sample: str = ""
    checked: str = "on"
    unchecked: str = "off"
    is_required: bool = False

    @property
    def is_checked(self) -> bool:
        """Whether the box is ticked."""
        return self.value is (self.checked == "on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error of a form, with the anchor of its field if the form has the field."""

    label: str
    message: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class RecipeForm:
    """The fields of one kind of recipe."""

    kind: str
    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The template for the fields of the kind."""
        return f"passwords/_{self.kind}.html"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field by its name, except ``measure``."""
        first = _first_values(self.kind)
        return {
            name: self._field(name, placeholder=str(first[name]))
            for name in self.values
            if name != "measure"
        }

    @property
    def size(self) -> Field:
        """The field for the size of the secret."""
        return self.fields[domain.SIZE_PARAMETER[self.kind]]

    @property
    def by_size(self) -> str:
        """The label of the choice by size."""
        return str(BY_SIZE[domain.SIZE_PARAMETER[self.kind]])

    @property
    def bits(self) -> Field:
        """The field for the entropy, which replaces the size."""
        return self.fields["bits"]

    @property
    def classes(self) -> list[Field]:
        """The fields of the character classes."""
        return [self.fields[name] for name in domain.CLASS_NAMES]

    @property
    def minimums(self) -> list[Field]:
        """The fields for the minimum of each class."""
        return [self.fields[f"min_{name}"] for name in domain.CLASS_NAMES]

    @property
    def more_open(self) -> bool:
        """Whether the rare rules are shown: one of them is used or has an error."""
        first = _first_values(self.kind)
        rare = [name for name, known in PARAMETERS[self.kind].items() if known.is_rare]
        return any(
            name in self.errors or str(self.values[name]) != str(first[name])
            for name in (*rare, *(_PART_OF.keys() & first.keys()))
        )

    @property
    def problems(self) -> list[Problem]:
        """The errors, one for each field."""
        return [
            Problem(
                label=str(LABELS.get(name, name)),
                message=message,
                anchor=f"f-{name}" if name in {*self.values, "classes"} else "",
            )
            for name, message in self.errors.items()
        ]

    def _field(self, name: str, *, placeholder: str) -> Field:
        parameter = PARAMETERS[self.kind][_PART_OF.get(name, name)]
        return Field(
            name=name,
            label=str(LABELS[name]),
            value=self.values[name],
            placeholder=placeholder,
            error=self.errors.get(name, ""),
            minimum=parameter.minimum,
            maximum=parameter.max_length or parameter.maximum,
            slider_end=parameter.slider_end,
            choices=_choices(parameter),
            sample=parameter.sample if name == parameter.name else "",
            checked="off" if parameter.is_refusal else "on",
            unchecked="on" if parameter.is_refusal else "off",
        )


def empty_form(kind: str | None) -> RecipeForm:
    """Return the form of *kind* with its defaults; of an unknown kind, that of characters."""
    known = kind if kind in domain.RECIPES else validation.DEFAULT_KIND
    values = _first_values(known)
    if known == "passphrase":
        values = {**values, "wordlist": _wordlist_of_language()}
    return RecipeForm(kind=known, values=values)


def posted_form(
    post: Mapping[str, str], error: validation.InvalidRequestError | None = None
) -> RecipeForm:
    """Return the form as it was sent, with its errors."""
    errors = error_messages(error) if error else {}
    if validation.is_legacy(post):
        post = _modernised(post)
    first = empty_form(post.get("kind"))
    sent = {
        name: post[name].lower() == "on"
        if name in validation.FLAGS
        else post[name][: domain.MAX_TEXT_LENGTH]
        for name in first.values
        if name in post
    }
    return RecipeForm(kind=first.kind, values={**first.values, **sent}, errors=errors)


def fields_of_query(query: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the recipe that the page's address has in its query.

    A field may be left out: the form then has its first value.
    """
    fields = dict(query)
    if "policy" in fields:
        return fields
    kind = fields.setdefault("kind", validation.DEFAULT_KIND)
    if "bits" in fields and domain.SIZE_PARAMETER.get(kind) not in fields:
        fields.setdefault("measure", "bits")
    if "symbol_set" in fields:
        fields.setdefault("symbols", "on")
    if kind == "passphrase":
        fields.setdefault("wordlist", _wordlist_of_language())
    return fields


def recipe_query(form: RecipeForm, policy: str = "") -> str:
    """Return the query that leads to this recipe: the policy, or what differs from the defaults."""
    if policy:
        return urlencode({"policy": policy})
    first = empty_form(form.kind).values
    sent = {name: value for name, value in form.values.items() if str(value) != str(first[name])}
    if sent.pop("measure", "size") == "bits":
        sent.pop(domain.SIZE_PARAMETER.get(form.kind, ""), None)
        sent["bits"] = form.values["bits"]
    else:
        sent.pop("bits", None)
    texts = {True: "on", False: "off"}
    return urlencode(
        {
            "kind": form.kind,
            **{
                name: texts[value] if isinstance(value, bool) else str(value)
                for name, value in sent.items()
            },
        }
    )


def recipe_form(kind: str, parameters: Mapping[str, Any]) -> RecipeForm:
    """Return the form for *parameters*, as policies store them."""
    values = {**_first_values(kind), **parameters}
    if "bits" in parameters:
        values["measure"] = "bits"
    if "passwordrules" in parameters:
        values["length"] = domain.build(kind, parameters).size  # the rule may have set it
    if isinstance(symbols := values.get("symbols"), str):
        values |= {"symbols": bool(symbols), "symbol_set": symbols}
    return RecipeForm(kind=kind, values=values)


def error_messages(error: validation.InvalidRequestError) -> dict[str, str]:
    """Return the message by the field at fault; the message names fields by their labels."""
    ((fault_field, (message, *_others)),) = error.errors.items()
    name = _CURRENT_NAMES.get(fault_field, fault_field)
    if error.fault is None:
        return {name: message}
    if isinstance(error.fault, domain.ForbiddenCharactersError) and name == "symbols":
        name = "symbol_set"
    if isinstance(error.fault, domain.NoClassError):
        name = "classes"
    return {name: _with_labels(error.fault)}


def _with_labels(fault: RecipeError) -> str:
    rule = fault.params.get("rule")
    if rule in LABELS:
        return validation.translated(fault, rule=f"“{LABELS[rule]}”")
    return validation.translated(fault)


def _first_values(kind: str) -> dict[str, Any]:
    """Return the first values of the fields: the defaults, and a first strength."""
    values: dict[str, Any] = {"measure": "size"}
    values |= {name: parameter.initial for name, parameter in PARAMETERS[kind].items()}
    return values | {part: "" for part, name in _PART_OF.items() if name in values}


def _choices(parameter: Parameter) -> list[tuple[str, str]]:
    if parameter.name == "wordlist":
        return [(entry.name, wordlist_label(entry)) for entry in domain.WORDLISTS.values()]
    return [(value, str(label)) for value, label in parameter.choices.items()]


def _wordlist_of_language() -> str:
    """Return the first wordlist in the visitor's language, or the domain's default."""
    language = (get_language() or "en").partition("-")[0]
    own = (
        name
        for name, entry in domain.WORDLISTS.items()
        if entry.language.partition("-")[0] == language
    )
    return next(own, str(PARAMETERS["passphrase"]["wordlist"].default))


def wordlist_label(entry: WordlistEntry) -> str:
    """Return the title, the language if it is known, and the number of words."""
    title = entry.title
    if entry.language.lower() not in {"", entry.name}:  # else the title is the language's name
        language = get_language_info(entry.language.lower())["name_translated"]
        title = f"{title} ({language})"
    size = whole_number(entry.size)
    return gettext("%(title)s: %(size)s words") % {"title": title, "size": size}


def _modernised(post: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of the old form under their current names."""
    return {
        "kind": "characters",
        "length": str(validation.LEGACY_DEFAULT_LENGTH),
        "digits": "off",
        "symbols": "off",
        **{name: post[old] for name, old in validation.LEGACY_NAMES.items() if old in post},
        **{f"min_{name}": "0" for name in domain.CLASS_NAMES},
    }
