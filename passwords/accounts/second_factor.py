"""The second factor of an account: an app's codes (RFC 6238), or codes on paper in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django_otp.models import Device

RECOVERY_CODES: Final = 8
_DIGITS: Final = 6


def is_set_up(user: AbstractBaseUser) -> bool:
    """Tell whether *user* has a second factor that is confirmed."""
    return bool(user_has_device(user))


def begin(user: AbstractBaseUser) -> TOTPDevice:
    """Return the device that *user* has yet to confirm; its key is drawn once."""
    device, _created = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


@transaction.atomic
def confirm(user: AbstractBaseUser, code: str) -> tuple[TOTPDevice, list[str]] | None:
    """Set the second factor up if *code* is what the app shows; return it, with recovery codes.

    Nothing shows the recovery codes again.
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
    """Return the device that accepts *code*: six digits are the app's, the rest is on paper.

    Each device slows down whoever guesses, and takes a code once.
    """
    is_from_app = len(code) == _DIGITS and code.isdecimal()
    kind = TOTPDevice if is_from_app else StaticDevice
    for device in kind.objects.select_for_update().filter(user=user, confirmed=True):
        if device.verify_token(code):
            return device
    return None


@transaction.atomic
def remove(user: AbstractBaseUser) -> bool:
    """Remove all of *user*'s devices; say whether there were any."""
    had_one = is_set_up(user)
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.filter(user=user).delete()
    return had_one
