"""The owner of a request: the user of a token, a signed-in user, or the holder of a cookie."""

import os
import re
import time
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from passwords.accounts import remote_users
from passwords.models import ApiToken
from passwords.recents import Owner
from passwords.signals import database_failed

COOKIE_NAME: Final = "giropops_owner"
_SALT: Final = "passwords.owners"
# An identifier of 128 bits, for a sender of links the Unix time until which the cookie must live,
# and the signature by Django, a SHA-256 in base64url.
_COOKIE: Final = re.compile(r"[0-9a-f]{32}(\.[0-9]{10})?:[A-Za-z0-9_-]{43}", re.ASCII)


class OwnerUnknownError(OperationalError):
    """There is a session, but the database that has its user is down."""


def find_owner(request: HttpRequest) -> Owner | None:
    """Return the owner of the request, or ``None`` for a new visitor.

    With shared recents a new visitor has recents too, so a new owner is returned.

    Raises:
        OwnerUnknownError: the database is down.
    """
    if token := find_token(request):
        return Owner.user(token.user.pk, token.user.get_username())
    if owner := signed_in_owner(request) or anonymous_owner(request):
        return owner
    return _new_owner() if settings.RECENTS_SCOPE == "shared" else None


def set_token(request: HttpRequest, token: ApiToken) -> None:
    """Make *token*, which is valid, the one of the request."""
    request.api_token = token  # type: ignore[attr-defined]  # as authentication sets request.user


def find_token(request: HttpRequest) -> ApiToken | None:
    """Return the valid token of the request, or ``None``."""
    return getattr(request, "api_token", None)


def may_be_signed_in(request: HttpRequest) -> bool:
    """Return whether the request has a session's cookie, or a user whom a trusted proxy names."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or remote_users.is_named(request)


def signed_in_owner(request: HttpRequest) -> Owner | None:
    """Return the signed-in user, or ``None``.

    Raises:
        OwnerUnknownError: the database is down.
    """
    if not may_be_signed_in(request):
        return None
    try:
        user = request.user
        return Owner.user(user.pk, user.get_username()) if user.is_authenticated else None
    except (OperationalError, InterfaceError):
        raise OwnerUnknownError from None


def anonymous_owner(request: HttpRequest) -> Owner | None:
    """Return the holder of a cookie with a valid signature, or ``None``."""
    cookie = request.COOKIES.get(COOKIE_NAME, "")
    if not _COOKIE.fullmatch(cookie):
        return None
    value = _unsign(cookie, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if value is None:
        return None
    identifier, _separator, keep_until = value.partition(".")
    return Owner.anonymous(identifier, keep_until=int(keep_until or 0))


def find_or_make_owner(request: HttpRequest) -> Owner:
    """Return the owner of the request, or a new anonymous one.

    Raises:
        OwnerUnknownError: the database is down.
    """
    return find_owner(request) or _new_owner()


def find_recipient(request: HttpRequest) -> Owner | None:
    """Return the owner of new secrets, or ``None`` if the database is down.

    Everybody may generate secrets; without an owner they are not added to recents.
    """
    try:
        return find_or_make_owner(request)
    except OwnerUnknownError as error:
        database_failed.send(sender=Owner, error=type(error).__name__)
        return None


def set_owner_cookie(
    response: HttpResponse, owner: Owner | None, *, keep_until: datetime | None = None
) -> None:
    """Set the cookie of an anonymous owner, with the lifetime of a recent secret.

    Args:
        response: the response that gets the cookie.
        owner: the owner; nothing is set for a signed-in user or an unknown owner.
        keep_until: the end of a receipt: the cookie lives at least until then, also when it is set
            again for something else.
    """
    if owner is None or owner.user_id is not None:
        return
    value = owner.key.partition(":")[2]
    until = max(owner.keep_until, int(keep_until.timestamp()) if keep_until else 0)
    seconds = max(settings.RECENTS_TTL, until - int(time.time()))
    if seconds > settings.RECENTS_TTL:
        value = f"{value}.{until}"
    response.set_cookie(
        COOKIE_NAME,
        _sign(value, settings.SECRET_KEY),
        max_age=seconds,
        path=settings.COOKIE_PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _new_owner() -> Owner:
    return Owner.anonymous(os.urandom(16).hex())


# Cached, as the same visitors come again: two signatures take about 5 % of a request.
@lru_cache(maxsize=1024)
def _sign(value: str, key: str) -> str:
    return signing.Signer(key=key, fallback_keys=[], salt=_SALT).sign(value)


@lru_cache(maxsize=1024)
def _unsign(cookie: str, key: str, *fallback_keys: str) -> str | None:
    try:
        return signing.Signer(key=key, fallback_keys=[*fallback_keys], salt=_SALT).unsign(cookie)
    except signing.BadSignature:
        return None
