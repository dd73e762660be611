"""Policies as presets: the built-in names and descriptions are translated."""

from dataclasses import dataclass

from django.utils.translation import gettext

from passwords.models import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What the page shows of a policy."""

    slug: str
    name: str
    description: str


def preset(policy: Policy) -> Preset:
    """Return what the page shows of *policy*. Texts that are not built in stay as they are."""
    description = gettext(policy.description) if policy.description else ""
    return Preset(slug=policy.slug, name=str(policy), description=description)
