"""Policies from and to the JSON and YAML documents of this app."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import yaml
from django.utils.translation import gettext

from passwords.models import Policy
from passwords.policies.documents import PolicyFileError, Source

# Without the version, which counts the changes in this database.
FIELDS: Final = (
    *("slug", "name", "description", "kind", "parameters", "active", "default", "position"),
)
_KEY: Final = "policies"


def detects(source: Source) -> bool:
    """Return whether *source* is a document of this app."""
    return isinstance(source.values, dict) and isinstance(source.values.get(_KEY), list)


def entries(source: Source) -> Sequence[Mapping[str, Any]]:
    """Return the fields of each policy; PolicyFileError if the document has no list of them."""
    document = source.values
    found = document.get(_KEY) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        message = gettext(
            "The document has no list of policies under “policies”."
            " If it is of another program, choose its format."
        )
        raise PolicyFileError(message)
    return found


def dump_json(policies: Iterable[Policy]) -> str:
    """Return *policies* as JSON."""
    return f"{json.dumps(_document(policies), ensure_ascii=False, indent=2)}\n"


def dump_yaml(policies: Iterable[Policy]) -> str:
    """Return *policies* as YAML."""
    return yaml.safe_dump(_document(policies), allow_unicode=True, sort_keys=False, width=100)


def _document(policies: Iterable[Policy]) -> dict[str, Any]:
    return {_KEY: [{name: getattr(policy, name) for name in FIELDS} for policy in policies]}
