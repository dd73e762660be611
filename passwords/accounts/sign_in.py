"""Sign-in to the admin: password, second factor if there is one, and lockout."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from passwords.accounts import second_factor

_CODE_ATTRIBUTES: Final = {"autocomplete": "one-time-code", "spellcheck": "false"}


class SignInForm(AdminAuthenticationForm):
    """Name, password and, for accounts that have one, a code of the second factor."""

    code = forms.CharField(
        label=_("Code of the second factor, if you have one"),
        required=False,
        max_length=16,
        widget=forms.TextInput(attrs=_CODE_ATTRIBUTES),
    )

    def clean(self) -> dict[str, Any]:
        """Check the password, then the code; a wrong code counts as a failed sign-in."""
        cleaned: dict[str, Any] = super().clean() or {}
        user = self.user_cache
        if user is None or not second_factor.is_set_up(user):
            return cleaned
        code = cleaned.get("code", "").strip()
        device = second_factor.verify(user, code) if code else None
        if device is None:
            if code:
                credentials = {get_user_model().USERNAME_FIELD: user.get_username()}
                user_login_failed.send(
                    sender=__name__, credentials=credentials, request=self.request
                )
            raise ValidationError(_("Enter a code of your second factor that was not used yet."))
        user.otp_device = device  # type: ignore[attr-defined]  # django-otp's way: signing in verifies
        return cleaned


def name_of_tried(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the name of the account; for an unknown name, a keyed hash of it.

    A user may have typed the password instead of the name.
    """
    users = get_user_model()
    given = credentials or request.POST
    name = str(given.get(users.USERNAME_FIELD) or "")
    if "\0" not in name and users.objects.filter(**{users.USERNAME_FIELD: name}).exists():
        return name
    return salted_hmac("passwords.accounts.sign_in", name, algorithm="sha256").hexdigest()[:32]


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None,  # noqa: ARG001  # django-axes's signature
    credentials: Mapping[str, Any] | None,  # noqa: ARG001  # django-axes's signature
) -> HttpResponse:
    """Return the page for a locked-out client."""
    message = _("Too many failed tries: wait a quarter of an hour.")
    status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"status": status.value, "message": message}
    return render(request, "passwords/problem.html", context, status=status)
