"""Signal receivers that record sign-ins, sign-outs and changes of policies in the audit."""

from collections.abc import Mapping
from typing import Any, Final

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from simple_history.signals import post_create_historical_record

from passwords.audit.recording import record
from passwords.client_address import client_address
from passwords.models import Action, Channel, Policy

_POLICY_ACTIONS: Final = {
    "+": Action.POLICY_ADDED,
    "~": Action.POLICY_CHANGED,
    "-": Action.POLICY_DELETED,
}


@receiver(user_logged_in)
def _signed_in(request: HttpRequest | None, user: AbstractBaseUser, **_kwargs: Any) -> None:
    _record(Action.SIGNED_IN, request, user)


@receiver(user_logged_out)
def _signed_out(request: HttpRequest | None, user: AbstractBaseUser | None, **_kwargs: Any) -> None:
    if user is not None:
        _record(Action.SIGNED_OUT, request, user)


@receiver(user_login_failed)
def _sign_in_failed(
    credentials: Mapping[str, Any], request: HttpRequest | None = None, **_kwargs: Any
) -> None:
    """Record the account. An unknown name is not recorded, because it may be a password."""
    name = str(credentials.get(get_user_model().USERNAME_FIELD, ""))
    _record(Action.SIGN_IN_FAILED, request, _account(name))


@receiver(user_locked_out)
def _locked_out(request: HttpRequest | None, username: str, **_kwargs: Any) -> None:
    _record(Action.LOCKED_OUT, request, _account(username))


@receiver(post_create_historical_record, sender=Policy.history.model)
def _policy_changed(
    history_instance: Any, history_user: AbstractBaseUser | None, **_kwargs: Any
) -> None:
    details: dict[str, Any] = {"version": history_instance.version}
    before = history_instance.prev_record if history_instance.history_type == "~" else None
    if before:
        changes = history_instance.diff_against(before).changes
        details["changes"] = {change.field: [change.old, change.new] for change in changes}
    record(
        _POLICY_ACTIONS[history_instance.history_type],
        user_id=history_user.pk if history_user else None,
        user_name=history_user.get_username() if history_user else "",
        channel=Channel.ADMIN if history_user else Channel.COMMAND,
        target=history_instance.slug,
        details=details,
    )


def _account(name: str) -> AbstractBaseUser | None:
    users = get_user_model()
    named = users.objects.filter(**{users.USERNAME_FIELD: name})
    return named.first() if "\0" not in name else None  # PostgreSQL refuses a NUL


def _record(action: Action, request: HttpRequest | None, user: AbstractBaseUser | None) -> None:
    record(
        action,
        user_id=user.pk if user else None,
        user_name=user.get_username() if user else "",
        client_address=client_address(request) if request else None,
    )
