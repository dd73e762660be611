"""Policies from and to Apple's ``password-rules.json``: password rules by the name of a site."""

import json
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext

from passwords import domain
from passwords.domain import CharacterRecipe
from passwords.models import Policy
from passwords.policies.documents import PolicyFileError, Source
from passwords.policies.recipes import rule_properties, slug_of

_KEY: Final = "password-rules"


def detects(source: Source) -> bool:
    """Return whether *source* is a document of site rules."""
    return bool(source.values) and _is_document(source.values)


def entries(source: Source) -> list[dict[str, Any]]:
    """Return the fields of a policy for each site; PolicyFileError if the document has others."""
    document: Any = source.values
    if not _is_document(document):
        raise PolicyFileError(gettext("The document has no “password-rules” for each site."))
    return [
        {
            "slug": slug_of(site),
            "name": site,
            "kind": CharacterRecipe.kind,
            "parameters": {"passwordrules": entry[_KEY]},
        }
        for site, entry in document.items()
    ]


def _is_document(values: object) -> bool:
    return isinstance(values, dict) and all(
        isinstance(entry, dict) and _KEY in entry for entry in values.values()
    )


def dump(policies: Iterable[Policy]) -> str:
    """Return the document with the rules of *policies*, by their slugs.

    Policies that no rule describes are left out: of other kinds, and with a rule that is too long.
    """
    rules = {policy.slug: _rule_of_policy(policy) for policy in policies}
    document = {slug: {_KEY: rule} for slug, rule in rules.items() if rule}
    return f"{json.dumps(document, ensure_ascii=False, indent=2)}\n"


def _rule_of_policy(policy: Policy) -> str:
    try:
        recipe = policy.recipe()
    except domain.RecipeError:  # valid only in an earlier version of the app
        return ""
    if not isinstance(recipe, CharacterRecipe):
        return ""
    rule = rule_of(recipe)
    return rule if len(rule) <= domain.MAX_TEXT_LENGTH else ""


def rule_of(recipe: CharacterRecipe) -> str:
    """Return the password rule that allows exactly the passwords of *recipe*."""
    strings = recipe.strings
    sets = [(members.decode("ascii"), minimum) for members, minimum in strings.sets]
    properties = [
        f"minlength: {recipe.length}",
        f"maxlength: {recipe.length}",
        *rule_properties(sets, recipe.alphabet),
    ]
    for name, limit in strings.limits._asdict().items():
        if limit:
            properties.append(f"max-{name}: {limit}")
    return "; ".join(properties)
