"""Policies as presets: their seeded names and descriptions in the visitor's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from passwords.models import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What the page says of a policy."""

    slug: str
    name: str
    description: str


def preset(policy: Policy) -> Preset:
    """Return what the page says of *policy*; what a person wrote stays as it was written."""
    return Preset(
        slug=policy.slug,
        name=_translated(policy.name),
        description=_translated(policy.description),
    )


def _translated(text: str) -> str:
    """Return the translation of a seeded text; gettext answers "" with the catalogue's header."""
    return gettext(text) if text else ""
