"""Plan an import of policies, and apply it in one transaction."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from passwords import domain
from passwords.models import Policy
from passwords.policies import documents, formats
from passwords.policies.documents import PolicyFileError, Source
from passwords.policies.formats import IMPORTS, Entry, ImportFormat
from passwords.policies.own import FIELDS

_REQUIRED: Final = frozenset({"slug", "name", "kind"})
MAX_POLICIES: Final = 500
MAX_SECONDS: Final = 5
# Characters that are refused in text: control characters except tab and newline, and surrogates.
_REFUSED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CHECKS: Final[Mapping[str, Callable[[str, object], None]]] = {
    "slug": domain.require_text,
    "name": domain.require_text,
    "description": domain.require_text,
    "kind": domain.require_text,
    "parameters": lambda _field, _value: None,  # the model checks them
    "active": domain.require_flag,
    "default": domain.require_flag,
    "position": partial(domain.require_whole_number, minimum=0, maximum=32_767),
}


class _EntryError(Exception):
    """One *field* of the policy at *index* is not valid."""

    def __init__(self, index: int, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.index = index
        self.field = field


class Effect(TextChoices):
    """The effect of an import on one policy."""

    ADD = "add", _("is added")
    CHANGE = "change", _("is changed")
    KEEP = "keep", _("stays as it is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The effect of an import on one policy, with the changed fields."""

    effect: Effect
    policy: Policy
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = f" ({', '.join(self.fields)})" if self.effect is Effect.CHANGE else ""
        return f"{self.policy.slug}: {self.effect.label}{fields}"


def plan(text: str, *, format_name: str = "", name: str = "") -> list[Step]:
    """Return the effects of importing the document, without writing.

    Policies that are not in the document stay as they are.

    Args:
        text: the document.
        format_name: one of ``formats.IMPORTS``; "" to detect it.
        name: of the policy, for formats that have none.

    Raises:
        NameMissingError: the format has no name, and none is given.
        PolicyFileError: the document is malformed, or a policy in it is not valid.
    """
    source = Source(text=text, name=name)
    document_format = IMPORTS[format_name] if format_name else formats.detect(source)
    entries = document_format.entries(source)
    if len(entries) > MAX_POLICIES:
        message = gettext("The document has more than %(maximum)d policies.")
        raise PolicyFileError(message % {"maximum": MAX_POLICIES})
    try:
        return _steps(entries, document_format)
    except _EntryError as error:
        path = document_format.path(entries, error.index, error.field)
        slug = _shown(entries[error.index].get("slug"))
        message = f"{slug}: {error}"
        raise documents.at_line(documents.line_at(text, path), message) from None


def apply(steps: Sequence[Step], *, user: AbstractBaseUser | None = None) -> int:
    """Save the changed policies, with *user* in their revisions; return how many.

    A policy that becomes the default replaces the earlier default.

    Raises:
        PolicyFileError: the database refused a policy; nothing is changed.
    """
    try:
        with transaction.atomic():
            return _save(steps, user)
    except (DataError, IntegrityError):
        message = gettext("The policies were changed by somebody else meanwhile: import again.")
        raise PolicyFileError(message) from None


def _save(steps: Sequence[Step], user: AbstractBaseUser | None) -> int:
    changed = [step.policy for step in steps if step.effect is not Effect.KEEP]
    for policy in changed:
        policy._history_user = user  # type: ignore[attr-defined]  # noqa: SLF001  # simple-history's way
        if policy.default:
            _replace_default(policy, user)
    # First those that are no longer the default: each kind may have only one at any time.
    for policy in sorted(changed, key=lambda policy: policy.default):
        policy.save()
    return len(changed)


def _replace_default(new: Policy, user: AbstractBaseUser | None) -> None:
    others = Policy.objects.filter(kind=new.kind, default=True).exclude(slug=new.slug)
    for other in others:
        other.default = False
        other._history_user = user  # type: ignore[attr-defined]  # noqa: SLF001  # simple-history's way
        other.save()


def _steps(entries: Sequence[Entry], document_format: ImportFormat) -> list[Step]:
    """Return the step for each entry."""
    deadline = time.monotonic() + MAX_SECONDS
    for index, entry in enumerate(entries):
        _check_fields(index, entry)
    existing = Policy.objects.in_bulk([entry["slug"] for entry in entries], field_name="slug")
    steps: list[Step] = []
    for index, entry in enumerate(entries):
        if time.monotonic() > deadline:
            raise PolicyFileError(gettext("The recipes of these policies take too long to check."))
        old = existing.get(entry["slug"])
        steps.append(_step(index, _completed(entry, old, document_format), old))
        _require_unique(index, steps)
    return steps


def _completed(entry: Entry, old: Policy | None, document_format: ImportFormat) -> Entry:
    """Return the fields of a policy, with those that are not in documents of this format."""
    if not document_format.has_only_recipes:
        return entry
    if old is None:
        return {**entry, "active": document_format.starts_active}
    kept = {name: getattr(old, name) for name in FIELDS}
    return {**kept, "kind": entry["kind"], "parameters": entry["parameters"]}


def _check_fields(index: int, entry: Entry) -> None:
    """Check names, types and characters, before the model and the database use them."""
    for field in entry:
        if field not in FIELDS:
            raise _EntryError(index, _shown(field), gettext("There is no such field."))
    for field in FIELDS:
        if field in entry:
            _check_field(index, field, entry[field])
        elif field in _REQUIRED:
            raise _EntryError(index, field, gettext("This field is missing."))


def _check_field(index: int, field: str, value: object) -> None:
    try:
        _CHECKS[field](field, value)
    except domain.RecipeError as error:
        raise _EntryError(index, field, gettext(error.template) % error.params) from None
    if any(map(_REFUSED.search, _texts(value))):
        raise _EntryError(index, field, gettext("may hold no control characters"))


def _texts(value: object) -> list[str]:
    """Return the texts in a field; deeper values are refused by the domain."""
    values = [*value, *value.values()] if isinstance(value, dict) else [value]
    return [text for text in values if isinstance(text, str)]


def _step(index: int, entry: Entry, old: Policy | None) -> Step:
    policy = Policy(pk=old.pk, version=old.version) if old else Policy()
    fresh = Policy()
    for field in FIELDS:
        setattr(policy, field, entry.get(field, getattr(fresh, field)))
    policy._state.adding = old is None  # noqa: SLF001  # validate it as an update
    try:
        policy.clean_fields()
        policy.clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise _EntryError(index, field, messages[0]) from None
    if old is None:
        return Step(effect=Effect.ADD, policy=policy)
    fields = tuple(name for name in FIELDS if getattr(old, name) != getattr(policy, name))
    return Step(effect=Effect.CHANGE if fields else Effect.KEEP, policy=policy, fields=fields)


def _require_unique(index: int, steps: Sequence[Step]) -> None:
    """Compare the policy of the last step with the earlier ones."""
    *others, policy = [step.policy for step in steps]
    if any(other.slug == policy.slug for other in others):
        raise _EntryError(index, "slug", gettext("The document has this policy twice."))
    if policy.default and any(other.default and other.kind == policy.kind for other in others):
        message = gettext("The document has two default policies of one kind.")
        raise _EntryError(index, "default", message)


def _shown(name: object) -> str:
    """Return a name from the document, shortened for a message."""
    return name[:50] if isinstance(name, str) and name.isprintable() else "?"
