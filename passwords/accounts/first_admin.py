"""The first account of the admin, made from the environment where nobody can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class UnusableAccountError(Exception):
    """The name or the password does not make an account; the message does not quote them."""


def has_admin() -> bool:
    """Say whether there is an account that may do everything."""
    return get_user_model().objects.filter(is_superuser=True, is_active=True).exists()


def check_password(name: str, password: str) -> None:
    """Check the password of a new account as the admin's own forms do.

    Raises:
        UnusableAccountError: says what is wrong.
    """
    user: User = get_user_model()(username=name)
    try:
        user.full_clean(exclude=["password"], validate_unique=False)
        validate_password(password, user)
    except ValidationError as error:
        raise UnusableAccountError(" ".join(error.messages)) from None


def create_first_admin(name: str, password: str) -> bool:
    """Create an account that may do everything, unless there is one; say whether it was created.

    Raises:
        UnusableAccountError: the name or the password is not good enough.
    """
    if has_admin():
        return False
    check_password(name, password)
    try:
        with transaction.atomic():
            get_user_model().objects.create_superuser(name, password=password)
    except IntegrityError:
        return False  # another replica was faster, or somebody else has the name
    return True
