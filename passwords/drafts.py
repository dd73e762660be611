"""Drafts: secrets that the page shows and that nobody has used yet. Nothing is stored for them.

The page carries a draft as a token, which is encrypted and authenticated with the keys of the
recents. Whoever uses the secret sends the token back, and the draft is recorded.
"""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from passwords import domain
from passwords.domain import Recipe
from passwords.formats import drawing
from passwords.models import Policy
from passwords.moments import from_microseconds, to_microseconds
from passwords.recents import KeyRing

LIFETIME: Final = timedelta(hours=1)
# The associated data of every token. A recent item's begins with another byte, so that neither
# passes for the other. A change of the content below needs another number.
_PURPOSE: Final = b"giropops.draft.1"


class DraftError(Exception):
    """The token is too old, is not a token of this app, or its recipe is no longer valid."""


class PolicyVersion(NamedTuple):
    """The policy that a recipe comes from, as the history names it."""

    pk: int
    slug: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A secret that is not recorded.

    Attributes:
        draft_id: random; the id of the recent item, if the draft is kept.
        recipe: what the secret was drawn from.
        parameters: the recipe's parameters by name, as the page's form shows them.
        policy: the policy that the recipe comes from.
        created_at: with a time zone, in whole microseconds.
        value: the secret.
    """

    draft_id: UUID
    recipe: Recipe
    parameters: Mapping[str, Any]
    policy: PolicyVersion | None
    created_at: datetime
    value: str = field(repr=False)


def draw(*, recipe: Recipe, parameters: Mapping[str, Any], policy: Policy | None = None) -> Draft:
    """Return a new draft of *recipe*."""
    (value,) = drawing.draw_many(recipe, 1)
    return Draft(
        draft_id=UUID(bytes=os.urandom(16)),
        recipe=recipe,
        parameters=parameters,
        policy=PolicyVersion(policy.pk, policy.slug, policy.version) if policy else None,
        created_at=timezone.now(),
        value=value,
    )


def to_token(draft: Draft) -> str:
    """Return *draft* as an encrypted and authenticated text."""
    content = [
        draft.draft_id.hex,
        to_microseconds(draft.created_at),
        draft.recipe.kind,
        draft.parameters,
        draft.policy,
        draft.value,
    ]
    encrypted = _key_ring().encrypt_bytes(json.dumps(content).encode(), _PURPOSE)
    return base64.urlsafe_b64encode(encrypted).decode()


def from_token(token: str) -> Draft:
    """Return the draft in *token*.

    Raises:
        DraftError: the token cannot be read, or is older than ``LIFETIME``.
    """
    try:
        encrypted = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        raise DraftError from None
    content = _key_ring().decrypt_bytes(encrypted, _PURPOSE)
    if content is None:
        raise DraftError
    draft_id, created, kind, parameters, policy, value = json.loads(content)
    created_at = from_microseconds(created)
    if created_at + LIFETIME <= timezone.now():
        raise DraftError
    try:
        recipe = domain.build(kind, parameters)
    except domain.RecipeError:  # another release of the app drew it
        raise DraftError from None
    return Draft(
        draft_id=UUID(draft_id),
        recipe=recipe,
        parameters=parameters,
        policy=PolicyVersion(*policy) if policy else None,
        created_at=created_at,
        value=value,
    )


def _key_ring() -> KeyRing:
    return KeyRing(settings.RECENTS_KEYS)
