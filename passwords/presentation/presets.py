"""Policies as presets: their seeded names and descriptions in the visitor's language."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

from passwords.policies import queries

if TYPE_CHECKING:
    from passwords.models import Policy

# A policy that is edited shows after so long at the latest. (One that is chosen is always read.)
KEPT_SECONDS: Final = 5


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


def listed_presets(language: str) -> tuple[Preset, ...]:
    """Return the presets to choose from, in the active *language*."""
    return _listed_presets(language, int(time.monotonic() // KEPT_SECONDS))


@lru_cache(maxsize=8)
def _listed_presets(language: str, period: int) -> tuple[Preset, ...]:  # noqa: ARG001  # the key
    return tuple(preset(policy) for policy in queries.active_policies())


def _translated(text: str) -> str:
    """Return the translation of a seeded text; gettext answers "" with the catalogue's header."""
    return gettext(text) if text else ""
