"""The second factor of an account: codes of an app (RFC 6238), or recovery codes."""

from typing import Final

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django_otp import user_has_device
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES: Final = 8
_DIGITS: Final = 6


def is_set_up(user: AbstractBaseUser) -> bool:
    """Return whether *user* has a confirmed second factor."""
    return bool(user_has_device(user))


def is_required(user: User) -> bool:
    """Return whether *user* must enter a code; a proxy's user, without a password, need not."""
    return user.has_usable_password() and is_set_up(user)


def begin(user: AbstractBaseUser) -> TOTPDevice:
    """Return the unconfirmed device of *user*, created at the first call."""
    device, _created = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


@transaction.atomic
def confirm(user: AbstractBaseUser, code: str) -> tuple[TOTPDevice, list[str]] | None:
    """Confirm the device if *code* is correct; return it with new recovery codes.

    The recovery codes are not shown again.
    """
    device = begin(user)
    if not device.verify_token(code):
        return None
    device.confirmed = True
    device.save()
    StaticDevice.objects.filter(user=user).delete()
    paper = StaticDevice.objects.create(user=user, name="paper")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return device, codes


@transaction.atomic
def verify(user: AbstractBaseUser, code: str) -> Device | None:
    """Return the device that accepts *code*: of the app for six digits, else a recovery code.

    Each device limits the rate of failed attempts, and accepts a code once.
    """
    is_from_app = len(code) == _DIGITS and code.isdecimal()
    kind = TOTPDevice if is_from_app else StaticDevice
    for device in kind.objects.select_for_update().filter(user=user, confirmed=True):
        if device.verify_token(code):
            return device
    return None


@transaction.atomic
def remove(user: AbstractBaseUser) -> bool:
    """Remove all devices of *user*; return whether one was confirmed."""
    had_one = is_set_up(user)
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.filter(user=user).delete()
    return had_one
