"""Users in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("Whether the user will be able", "If disabled, the current password")),
        ("pt-br", ("Se este usuário conseguirá", "Se for desativada, a senha")),
        ("es", ("Determina si el usuario podrá", "Si se desactiva, la contraseña actual")),
    ],
)
def test_the_form_of_a_password_is_in_the_language_of_the_page(
    boss: Client, language: str, texts: tuple[str, str]
) -> None:
    user = User.objects.create_user("ana", password="correct-horse-battery-staple")

    page = boss.get(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        headers={"Accept-Language": language},
    ).content.decode()

    for text in texts:
        assert text in page
