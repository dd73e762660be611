"""API tokens: their format and scopes, and how they are created, found and revoked.

A token is ``gps_``, 30 random characters of base62, and the CRC-32 of these 30 in 6 more. The
checksum lets a scanner tell a token from other text, and the app refuse a mistyped one without a
query. 62^30 tokens (178.6 bits) cannot be searched, so the digest needs neither a salt nor a key:
a new SECRET_KEY leaves all tokens valid.
"""

import hashlib
import logging
import re
import string
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.debug import sensitive_variables

from passwords import audit, domain
from passwords.domain import CharacterRecipe
from passwords.domain.errors import UnknownChoiceError
from passwords.models import Action, ApiToken, Channel, TokenState
from passwords.policies import queries

DEFAULT_DAYS: Final = 90
MAX_DAYS: Final = 366
MAX_NAME_LENGTH: Final = 80

DRAW: Final = "secrets:draw"
READ_POLICIES: Final = "policies:read"
USE_POLICY: Final = "policies:use:"
"""The start of a scope that ends with the slug of a policy."""
READ_RECENTS: Final = "recents:read"
CREATE_SHARES: Final = "shares:create"
READ_SHARES: Final = "shares:read"
SCOPES: Final = (DRAW, READ_POLICIES, READ_RECENTS, CREATE_SHARES, READ_SHARES)
"""The scopes, without those for a policy."""
CHOICES: Final = (*SCOPES, f"{USE_POLICY}SLUG")
"""The scopes as a text for a person lists them."""

_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX: Final = "gps_"
_RANDOM_LENGTH: Final = 30
_CHECKSUM_LENGTH: Final = 6
_FORMAT: Final = re.compile(rf"{PREFIX}([0-9A-Za-z]{{30}})([0-9A-Za-z]{{6}})", re.ASCII)
_RECIPE: Final = CharacterRecipe(
    length=_RANDOM_LENGTH, symbols="", min_lowercase=0, min_uppercase=0, min_digits=0, min_symbols=0
)
_USE_NOTED_EVERY: Final = timedelta(hours=1)

NO_NAME: Final = gettext_noop("must be 1 to %(maximum)d printable characters")
NO_SCOPE: Final = gettext_noop("must be given")
NO_SUCH_POLICY: Final = gettext_noop("names a policy that does not exist or is not active")
NOT_DAYS: Final = gettext_noop("must be a whole number between %(minimum)d and %(maximum)d")

logger = logging.getLogger(__name__)


class InvalidTokenError(Exception):
    """The token cannot be created.

    Attributes:
        field: ``name``, ``scopes`` or ``days``.
        message: what is wrong with it, in the active language.
    """

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(f"{field_name}: {message}")
        self.field = field_name
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedToken:
    """A new token; ``text`` is not stored, so it can be shown only now."""

    token: ApiToken
    text: str = field(repr=False)


@sensitive_variables("text")
def create(
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    days: int = DEFAULT_DAYS,
    channel: Channel,
    by: User | None,
    client_address: str | None = None,
) -> CreatedToken:
    """Create a token of *user*.

    Args:
        user: the owner of what the token draws.
        name: what the list shows.
        scopes: at least one.
        days: the lifetime, 1 to ``MAX_DAYS``.
        channel: the channel of the request.
        by: the signed-in user who creates it, or ``None`` for the command.
        client_address: recorded only with ``HISTORY_STORE_IP``.

    Raises:
        InvalidTokenError: names the first invalid field.
    """
    _check(name, scopes, days)
    text = _draw()
    now = timezone.now()
    token = ApiToken.objects.create(
        digest=_digest(text),
        name=name,
        user=user,
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
        last_four=text[-4:],
    )
    _record(Action.TOKEN_CREATED, token, by=by, channel=channel, client_address=client_address)
    return CreatedToken(token=token, text=text)


@sensitive_variables("text")
def authenticate(text: str) -> ApiToken | None:
    """Return the token with this *text* if it is valid and its user is active.

    A text with another format or a wrong checksum costs no query.
    """
    if not is_well_formed(text):
        return None
    token = ApiToken.objects.select_related("user").filter(digest=_digest(text)).first()
    now = timezone.now()
    if token is None or token.state(now) != TokenState.VALID:
        return None
    _note_use(token, now)
    return token


def revoke(
    *,
    token_id: int,
    channel: Channel,
    by: User | None,
    client_address: str | None = None,
) -> bool:
    """End a token at once; return whether there is one with this id.

    A token that is revoked already stays as it is.
    """
    token = ApiToken.objects.select_related("user").filter(pk=token_id).first()
    if token is None:
        return False
    unrevoked = ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True)
    if unrevoked.update(revoked_at=timezone.now()):
        _record(Action.TOKEN_REVOKED, token, by=by, channel=channel, client_address=client_address)
    return True


def all_tokens() -> Iterable[ApiToken]:
    """Return the tokens of all users, newest first: for an operator."""
    return ApiToken.objects.select_related("user").iterator()


def ended_before(moment: datetime) -> QuerySet[ApiToken]:
    """Return the tokens that expired or were revoked before *moment*."""
    return ApiToken.objects.filter(Q(expires_at__lt=moment) | Q(revoked_at__lt=moment))


def missing_scope(token: ApiToken, *scopes: str) -> str | None:
    """Return the first of *scopes* that the token lacks, or ``None``."""
    return next((scope for scope in scopes if scope not in token.scopes), None)


def missing_drawing_scope(token: ApiToken, policy_slug: str | None) -> str | None:
    """Return the scope that the token lacks to draw by this policy, or by a recipe without one.

    A token with a scope for a policy may use only the policies that its scopes name.
    """
    limited = any(scope.startswith(USE_POLICY) for scope in token.scopes)
    if policy_slug is not None and limited:
        return missing_scope(token, f"{USE_POLICY}{policy_slug}")
    return missing_scope(token, DRAW)


@sensitive_variables("text", "match")
def is_well_formed(text: str) -> bool:
    """Return whether *text* has the format of a token, and the checksum is right."""
    match = _FORMAT.fullmatch(text)
    return match is not None and _checksum(match[1]) == match[2]


@sensitive_variables("random")
def _draw() -> str:
    random = domain.draw(_RECIPE)
    return f"{PREFIX}{random}{_checksum(random)}"


@sensitive_variables("random", "number", "digits")
def _checksum(random: str) -> str:
    """Return the CRC-32 in base62, most significant digit first, with leading zeros."""
    number = zlib.crc32(random.encode())
    digits = []
    for _place in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_BASE62))
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))


@sensitive_variables("text")
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _check(name: str, scopes: Sequence[str], days: int) -> None:
    if not (name.strip() and name.isprintable() and len(name) <= MAX_NAME_LENGTH):
        raise InvalidTokenError("name", gettext(NO_NAME) % {"maximum": MAX_NAME_LENGTH})
    if not scopes:
        raise InvalidTokenError("scopes", gettext(NO_SCOPE))
    for scope in scopes:
        _check_scope(scope)
    try:
        domain.require_whole_number("days", days, minimum=1, maximum=MAX_DAYS)
    except domain.RecipeError:
        message = gettext(NOT_DAYS) % {"minimum": 1, "maximum": MAX_DAYS}
        raise InvalidTokenError("days", message) from None


def _check_scope(scope: str) -> None:
    if scope in SCOPES:
        return
    if not scope.startswith(USE_POLICY):
        choices = {"choices": ", ".join(CHOICES)}
        raise InvalidTokenError("scopes", gettext(UnknownChoiceError.template) % choices)
    slug = scope.removeprefix(USE_POLICY)
    # PostgreSQL refuses queries with NUL.
    if not (slug.isprintable() and queries.active_policy(slug)):
        raise InvalidTokenError("scopes", gettext(NO_SUCH_POLICY))


def _note_use(token: ApiToken, now: datetime) -> None:
    """Store that the token was used, at most once an hour. A failed write is only logged."""
    if token.last_used_at and now - token.last_used_at < _USE_NOTED_EVERY:
        return
    try:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    except DatabaseError as error:
        logger.warning("API token: its use is not recorded (%s)", type(error).__name__)


def _record(
    action: Action,
    token: ApiToken,
    *,
    by: User | None,
    channel: Channel,
    client_address: str | None,
) -> None:
    audit.record(
        action,
        user_id=by.pk if by else None,
        user_name=by.get_username() if by else "",
        channel=channel,
        target=token.name,
        details={"id": token.pk, "owner": token.user.get_username(), "scopes": token.scopes},
        client_address=client_address,
    )
