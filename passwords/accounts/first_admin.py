"""Create the first admin account, without a prompt."""

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


class UnusableAccountError(Exception):
    """The name or the password is not valid; the message does not quote them."""


def has_admin() -> bool:
    """Return whether there is an active superuser."""
    return get_user_model().objects.filter(is_superuser=True, is_active=True).exists()


def check_password(name: str, password: str) -> None:
    """Raise UnusableAccountError if the admin's forms would refuse the name or the password."""
    user = get_user_model()(username=name)
    try:
        user.full_clean(exclude=["password"], validate_unique=False)
        validate_password(password, user)
    except ValidationError as error:
        raise UnusableAccountError(" ".join(error.messages)) from None


def create_first_admin(name: str, password: str) -> bool:
    """Create a superuser unless there is one; return whether it was created.

    Raises:
        UnusableAccountError: the name or the password is not valid.
    """
    if has_admin():
        return False
    check_password(name, password)
    try:
        with transaction.atomic():
            get_user_model().objects.create_superuser(name, password=password)
    except IntegrityError:
        return False  # another replica has created it, or another account has the name
    return True
