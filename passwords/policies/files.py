"""Policies as a JSON or YAML document, so that they can live in git; and back, as a plan first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from passwords.models import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.contrib.auth.models import AbstractBaseUser

FORMATS: Final = ("json", "yaml")
# The version is left out: it counts the changes where the policy is used.
FIELDS: Final = (
    *("slug", "name", "description", "kind", "parameters", "active", "default", "position"),
)
_REQUIRED: Final = frozenset({"slug", "name", "kind"})


class PolicyFileError(ValueError):
    """The document holds no policies, or one that cannot be; the sentence says which and why."""


class Effect(Enum):
    """What importing does with one policy."""

    ADD = "add"
    CHANGE = "change"
    KEEP = "keep"

    @property
    def label(self) -> str:
        """The word for it."""
        return str(_LABELS[self])


_LABELS: Final = {
    Effect.ADD: _("is added"),
    Effect.CHANGE: _("is changed"),
    Effect.KEEP: _("stays as it is"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What importing does with one policy, and to which fields."""

    effect: Effect
    policy: Policy
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = f" ({', '.join(self.fields)})" if self.effect is Effect.CHANGE else ""
        return f"{self.policy.slug}: {self.effect.label}{fields}"


def dump(policies: Iterable[Policy], format_name: str) -> str:
    """Return *policies* as a document in one of ``FORMATS``."""
    document = {
        "policies": [{name: getattr(policy, name) for name in FIELDS} for policy in policies]
    }
    if format_name == "yaml":
        return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return f"{json.dumps(document, ensure_ascii=False, indent=2)}\n"


def plan(text: str) -> list[Step]:
    """Return what importing the document would do; nothing is written.

    Policies that the document does not name stay as they are.

    Raises:
        PolicyFileError: the document is malformed, or describes a policy that cannot be.
    """
    entries = _entries(text)
    existing = Policy.objects.in_bulk(
        [slug for entry in entries if isinstance(slug := entry.get("slug"), str)],
        field_name="slug",
    )
    steps = [_step(entry, existing) for entry in entries]
    _require_unique([step.policy.slug for step in steps])
    _require_one_default([step.policy for step in steps])
    return steps


@transaction.atomic
def apply(steps: Sequence[Step], *, user: AbstractBaseUser | None = None) -> int:
    """Save what the steps change, in the name of *user*; return how many policies that is.

    A policy that becomes the default takes the place of the one before it.
    """
    changed = [step.policy for step in steps if step.effect is not Effect.KEEP]
    for policy in changed:
        policy._history_user = user  # type: ignore[attr-defined]  # noqa: SLF001  # simple-history's way
        if policy.default:
            _dethrone(policy, user)
    # Those that are no longer the default go first: there is one for each kind at any time.
    for policy in sorted(changed, key=lambda policy: policy.default):
        policy.save()
    return len(changed)


def _dethrone(heir: Policy, user: AbstractBaseUser | None) -> None:
    others = Policy.objects.filter(kind=heir.kind, default=True).exclude(slug=heir.slug)
    for other in others:
        other.default = False
        other._history_user = user  # type: ignore[attr-defined]  # noqa: SLF001  # simple-history's way
        other.save()


def _entries(text: str) -> list[Mapping[str, Any]]:
    document = _parse(text)
    entries = document.get("policies") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise PolicyFileError(gettext("The document has no list of policies under “policies”."))
    return entries


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass  # YAML, if anything: JSON with tabs in it is none to YAML 1.1
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PolicyFileError(_where(error)) from None


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return gettext("The document is neither JSON nor YAML.")
    return gettext("The document is neither JSON nor YAML: look at line %(line)d.") % {
        "line": mark.line + 1
    }


def _step(entry: Mapping[str, Any], existing: Mapping[str, Policy]) -> Step:
    name = str(entry.get("slug", "?"))
    for field in entry:
        if field not in FIELDS:
            raise _fault(name, field, gettext("There is no such field."))
    for field in FIELDS:
        if field in _REQUIRED and field not in entry:
            raise _fault(name, field, gettext("This field is missing."))
    old = existing.get(name)
    policy = Policy(pk=old.pk, version=old.version) if old else Policy()
    fresh = Policy()
    for field in FIELDS:
        setattr(policy, field, entry.get(field, getattr(fresh, field)))
    policy._state.adding = old is None  # noqa: SLF001  # an update is validated as one
    _validate(policy)
    if old is None:
        return Step(effect=Effect.ADD, policy=policy)
    fields = tuple(name for name in FIELDS if getattr(old, name) != getattr(policy, name))
    return Step(effect=Effect.CHANGE if fields else Effect.KEEP, policy=policy, fields=fields)


def _validate(policy: Policy) -> None:
    for field in ("slug", "name", "description"):
        if not isinstance(getattr(policy, field), str):
            raise _fault(policy.slug, field, gettext("must be text"))
    try:
        policy.clean_fields()
        policy.clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise _fault(policy.slug, field, messages[0]) from None


def _fault(slug: object, field: str, message: str) -> PolicyFileError:
    return PolicyFileError(f"{slug}: {field}: {message}")


def _require_unique(slugs: Sequence[str]) -> None:
    twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
    if twice:
        raise _fault(twice, "slug", gettext("The document has this policy twice."))


def _require_one_default(policies: Sequence[Policy]) -> None:
    kinds = [policy.kind for policy in policies if policy.default]
    if len(kinds) > len(set(kinds)):
        raise PolicyFileError(gettext("The document has two default policies of one kind."))
