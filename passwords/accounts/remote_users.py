"""Users whom a trusted proxy signs in: their names, accounts and groups.

The proxy writes the name into the header ``REMOTE_USER_HEADER``. `TrustedProxiesMiddleware` removes
the header from requests of any other sender, and `RemoteUserMiddleware` signs the user in.
"""

from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.backends import RemoteUserBackend
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.request import HttpHeaders

from passwords import audit
from passwords.client_address import client_address
from passwords.models import Action

BACKEND: Final = "passwords.accounts.remote_users.ProxyBackend"
GROUPS: Final = ("gestores", "operadores")
"""The groups that a header can give and take; other groups of a user stay as they are."""


class RefusedError(Exception):
    """The proxy named a user who cannot be signed in; the text says why, and is for the log."""


class ProxyBackend(RemoteUserBackend):
    """Makes an account for each new name.

    It never signs in to an account that somebody else may own: a superuser, or an account that has
    a password of its own.
    """

    def clean_username(self, username: str) -> str:
        """Return the name that the header holds in UTF-8.

        Raises:
            RefusedError: it is no valid name, such as two names with a comma, or it only looks
                like another name (Unicode's compatibility characters, UAX 15).
        """
        try:
            name = _text(username)
            User._meta.get_field("username").clean(name, None)  # noqa: SLF001  # public
        except (UnicodeError, ValidationError):
            raise RefusedError("the name is longer than 150 characters or not valid") from None
        if User.normalize_username(name) != name:
            raise RefusedError("the name is not in Unicode's form NFKC")
        return name

    def configure_user(self, request: Any, user: Any, created: bool = True) -> Any:  # noqa: FBT001, FBT002  # Django's signature
        """Take the password of a new account.

        Raises:
            RefusedError: the account exists and is not one for this sign-in.
        """
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            _record(Action.ACCOUNT_ADDED, request, user)
        elif reason := _refusal(user):
            raise RefusedError(f"the account {user.get_username()} {reason}")
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether a session of *user* is still valid."""
        return _refusal(user) is None


@lru_cache(maxsize=8)
def meta_key(header: str) -> str:
    """Return the key of *header* in ``request.META``."""
    return HttpHeaders.to_wsgi_name(header)


def is_named(request: HttpRequest) -> bool:
    """Return whether a trusted proxy named the user of the request."""
    header = settings.REMOTE_USER_HEADER
    return bool(header) and meta_key(header) in request.META


def forget(request: HttpRequest) -> None:
    """Make the request one without a user of the proxy."""
    if is_named(request):
        del request.META[meta_key(settings.REMOTE_USER_HEADER)]


def rights(request: HttpRequest) -> dict[str, Any] | None:
    """Return what ``REMOTE_GROUPS_HEADER`` gives: ``groups``, and whether the user is ``staff``.

    Without that setting it returns ``None``: groups are then chosen in the admin.
    """
    header = settings.REMOTE_GROUPS_HEADER
    if not header:
        return None
    text = _text(request.META.get(meta_key(header), ""), errors="replace")
    names = {name.strip() for name in text.split(",")}
    return {
        "groups": sorted(names.intersection(GROUPS)),
        "staff": not names.isdisjoint(settings.REMOTE_STAFF_GROUPS),
    }


def grant(request: HttpRequest, user: User, given: dict[str, Any]) -> None:
    """Give *user* the rights of the header and no others of these, and record a change."""
    held = {group.name: group for group in user.groups.filter(name__in=GROUPS)}
    if sorted(held) == given["groups"] and user.is_staff == given["staff"]:
        return
    wanted = {group.name: group for group in Group.objects.filter(name__in=given["groups"])}
    if held.keys() == wanted.keys() and user.is_staff == given["staff"]:
        return
    with transaction.atomic():
        user.groups.remove(*(held[name] for name in held.keys() - wanted.keys()))
        user.groups.add(*(wanted[name] for name in wanted.keys() - held.keys()))
        user.is_staff = given["staff"]
        user.save(update_fields=["is_staff"])
    _record(Action.ACCOUNT_CHANGED, request, user, details=given)


def _refusal(user: User) -> str | None:
    if not user.is_active:
        return "is not active"
    if user.is_superuser:
        return "is a superuser"
    # Empty: the account was created a moment ago, by a request that runs at the same time.
    if user.password and user.has_usable_password():
        return "has a password of its own"
    return None


def _record(action: Action, request: HttpRequest, user: User, **details: Any) -> None:
    audit.record(
        action,
        user_id=user.pk,
        user_name=user.get_username(),
        target=f"{User._meta.verbose_name} {user}",  # noqa: SLF001  # public
        client_address=client_address(request),
        **details,
    )


def _text(value: str, errors: str = "strict") -> str:
    """Return a header's value, whose bytes WSGI gives as Latin-1 (PEP 3333), as UTF-8."""
    return value.encode("latin-1", errors).decode("utf-8", errors)
