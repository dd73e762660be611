"""The first account of the admin, and `createsuperuser` without a question."""

import secrets

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import translation

from passwords.accounts.first_admin import UnusableAccountError, create_first_admin

pytestmark = pytest.mark.django_db
PASSWORD = secrets.token_urlsafe(24)


def test_the_first_admin_is_created_once() -> None:
    created = [create_first_admin("ana", PASSWORD), create_first_admin("bia", PASSWORD)]

    assert created == [True, False]
    assert User.objects.get().check_password(PASSWORD)


def test_an_account_that_has_the_name_is_left_alone() -> None:
    User.objects.create_user("ana", password="another")

    assert create_first_admin("ana", PASSWORD) is False
    assert not User.objects.get().is_superuser


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("ana", "k7#xQ", "15"),
        ("ana", "passwordpassword1"[:14], "15"),
        ("ana maria!", PASSWORD, "usu"),
        ("a" * 200, PASSWORD, "150"),
    ],
    # PASSWORD is another one in each process; the workers must agree on the names.
    ids=["short", "almost long enough", "space in the name", "long name"],
)
def test_an_account_that_is_not_good_enough_is_refused(name: str, password: str, says: str) -> None:
    with translation.override("pt-br"), pytest.raises(UnusableAccountError, match=says) as caught:
        create_first_admin(name, password)

    assert password not in str(caught.value)
    assert not User.objects.exists()


def test_createsuperuser_checks_the_password_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "short")

    with pytest.raises(CommandError, match=r"DJANGO_SUPERUSER_PASSWORD: .*15") as caught:
        call_command("createsuperuser", "--no-input", username="ana", email="a@example.com")

    assert caught.value.returncode == 2
    assert not User.objects.exists()


def test_createsuperuser_takes_a_good_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command(
        "createsuperuser", "--no-input", username="ana", email="a@example.com", verbosity=0
    )

    assert User.objects.get().is_superuser
