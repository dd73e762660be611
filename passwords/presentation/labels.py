"""The labels of fields, themes and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from passwords.models import Kind
from passwords.parameters import BY_NAME

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS: Final[dict[str, StrOrPromise]] = {
    "kind": _("Kind of secret"),
    "policy": _("Preset"),
    "classes": _("Characters"),
    "symbol_set": _("Only these symbols"),
    **{name: found[0].label for name, found in BY_NAME.items()},
}
"""Every field of a recipe, by its name."""

LANGUAGE_INITIALS: Final = {"pt-br": "PT", "en": "EN", "es": "ES"}

THEMES: Final = {"auto": _("As the system"), "light": _("Light"), "dark": _("Dark")}
"""The themes, by their value in the cookie."""

BY_SIZE: Final = {
    "length": _("By length"),
    "words": _("By words"),
    "bytes": _("By bytes"),
}
"""The label of the choice by size, by the parameter that holds the size."""


def kind_label(kind: str) -> str:
    """Return the label of a kind; of one that only a later release knows, its name."""
    return str(Kind(kind).label) if kind in Kind.values else kind
