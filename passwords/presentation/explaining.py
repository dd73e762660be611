"""What is wrong with a recipe, with the names that stand on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

from passwords import domain, validation
from passwords.presentation.labels import LABELS

if TYPE_CHECKING:
    from passwords.domain import RecipeError

_OURS: Final = {old: name for name, old in validation.LEGACY_NAMES.items()}


def explained(error: validation.InvalidRequestError) -> dict[str, str]:
    """Return the message by the page's field that is at fault."""
    ((field, (message, *_)),) = error.errors.items()
    name = _OURS.get(field, field)
    if error.fault is None:
        return {name: message}
    if isinstance(error.fault, domain.ForbiddenCharactersError) and name == "symbols":
        name = "symbol_set"
    return {name: _message(error.fault)}


def _message(fault: RecipeError) -> str:
    named = {
        param: f"“{LABELS[value]}”" if param == "rule" and value in LABELS else value
        for param, value in fault.params.items()
    }
    return gettext(fault.template) % named
