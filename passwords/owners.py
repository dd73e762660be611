"""Who asks: a signed-in user, or the holder of a signed anonymous cookie. No session is made."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core import signing
from django.db import InterfaceError, OperationalError

from passwords.recents import Owner
from passwords.signals import database_failed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE_NAME: Final = "giropops_owner"
_SALT: Final = "passwords.owners"
# An identifier of 128 bits, and Django's signature of it: a SHA-256 in base64url.
_COOKIE: Final = re.compile(r"[0-9a-f]{32}:[A-Za-z0-9_-]{43}", re.ASCII)


class OwnerUnknownError(OperationalError):
    """There is a session, and the database that knows whose it is is away."""


def find_owner(request: HttpRequest) -> Owner | None:
    """Return the owner that the request names, or ``None`` for a stranger.

    Where everybody shares the recents, a stranger does too, and so is an owner, if a new one.

    Raises:
        OwnerUnknownError: only the database could tell.
    """
    if owner := signed_in_owner(request) or anonymous_owner(request):
        return owner
    return _new_owner() if settings.RECENTS_SCOPE == "shared" else None


def signed_in_owner(request: HttpRequest) -> Owner | None:
    """Return the signed-in user, or ``None``.

    Raises:
        OwnerUnknownError: only the database could tell.
    """
    # Reading the user reads the session; without its cookie there is none to read.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        user = request.user
        return Owner.user(user.pk, user.get_username()) if user.is_authenticated else None
    except (OperationalError, InterfaceError):
        raise OwnerUnknownError from None


def anonymous_owner(request: HttpRequest) -> Owner | None:
    """Return the holder of a cookie with a valid signature, or ``None``."""
    identifier = _read_cookie(request)
    return Owner.anonymous(identifier) if identifier else None


def find_or_make_owner(request: HttpRequest) -> Owner:
    """Return the owner that the request names, or a new anonymous one.

    Raises:
        OwnerUnknownError: only the database could tell.
    """
    return find_owner(request) or _new_owner()


def find_drawer(request: HttpRequest) -> Owner | None:
    """Return for whom to draw, or ``None`` where only the database could tell: then for nobody.

    Anybody may draw, so that no right hangs on who it is; only what is drawn has nowhere to go.
    """
    try:
        return find_or_make_owner(request)
    except OwnerUnknownError as error:
        database_failed.send(sender=Owner, error=type(error).__name__)
        return None


def remember_owner(response: HttpResponse, owner: Owner | None) -> None:
    """Let an anonymous owner's cookie live as long as the secrets it leads to."""
    if owner is None or owner.user_id is not None:
        return
    response.set_cookie(
        COOKIE_NAME,
        _sign(owner.key.partition(":")[2], settings.SECRET_KEY),
        max_age=settings.RECENTS_TTL,
        path=settings.COOKIE_PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _new_owner() -> Owner:
    return Owner.anonymous(os.urandom(16).hex())


def _read_cookie(request: HttpRequest) -> str | None:
    cookie = request.COOKIES.get(COOKIE_NAME, "")
    if not _COOKIE.fullmatch(cookie):
        return None
    return _unsign(cookie, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


# The same people ask again and again: two signatures a call were some 5 % of it.
@lru_cache(maxsize=1024)
def _sign(identifier: str, key: str) -> str:
    return signing.Signer(key=key, fallback_keys=[], salt=_SALT).sign(identifier)


@lru_cache(maxsize=1024)
def _unsign(cookie: str, key: str, *fallback_keys: str) -> str | None:
    try:
        return signing.Signer(key=key, fallback_keys=[*fallback_keys], salt=_SALT).unsign(cookie)
    except signing.BadSignature:
        return None
