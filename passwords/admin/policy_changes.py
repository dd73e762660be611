"""The changes between two revisions of a policy, with labels and values as the forms show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.text import capfirst
from django.utils.translation import gettext
from simple_history.models import ModelDelta
from simple_history.template_utils import HistoricalRecordContextHelper

from passwords import domain
from passwords.admin.recipe_fields import label_of
from passwords.models import Policy
from passwords.numbers import bits_text, whole_number
from passwords.parameters import BY_NAME
from passwords.presentation.labels import kind_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A changed field or parameter, as texts."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class PolicyChanges(HistoricalRecordContextHelper):  # type: ignore[misc]  # untyped
    """Describes the changes of one revision."""

    def context_for_delta_changes(self, delta: ModelDelta) -> list[Change]:
        """Return the changes, one for each changed parameter."""
        return [
            row
            for change in delta.changes
            for row in changes_of(change.field, change.old, change.new)
        ]


def changes_of(field: str, old: Any, new: Any) -> Iterator[Change]:
    """Yield the change of a field of policies; for the parameters, one for each of them."""
    if field == "parameters":
        yield from _changed_parameters(old, new)
    else:
        label = capfirst(str(label_for_field(field, Policy)))
        yield Change(field=label, old=_field_text(field, old), new=_field_text(field, new))


def parameter_texts(parameters: Mapping[str, Any]) -> list[str]:
    """Return each parameter with its label and its value."""
    return [f"{label_of(name)}: {_text(name, value)}" for name, value in parameters.items()]


def _changed_parameters(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Change(
                field=str(label_of(name)),
                old=_text(name, old.get(name)),
                new=_text(name, new.get(name)),
            )


def _field_text(field: str, value: Any) -> str:
    if field == "kind" and value:
        return kind_label(value)
    if field in {"name", "description"} and value:
        return gettext(value)
    return _plain_text(value)


def _text(name: str, value: Any) -> str:
    """Return the value of a parameter; without one, its default is valid."""
    if value is None:
        return gettext("Default")
    if name == "bits":
        return bits_text(value)
    choices = BY_NAME[name][0].choices if name in BY_NAME else {}
    if name == "wordlist" and value in domain.WORDLISTS:
        return domain.WORDLISTS[value].title
    return str(choices.get(value, _plain_text(value)))


def _plain_text(value: Any) -> str:
    match value:
        case bool():
            return gettext("Yes") if value else gettext("No")
        case int():
            return whole_number(value)
        case str():
            return value if value.strip() else f"“{value}”"
        case _:
            return str(value)
