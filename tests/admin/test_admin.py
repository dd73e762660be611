"""The admin: every page opens for whom it should, and nobody rewrites the history."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from passwords import domain, services
from passwords.models import Generation, Policy, Surface

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> Client:
    """A client that is signed in as a superuser."""
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def row() -> Generation:
    """A row of the history."""
    recipe = domain.build("pin", {})
    services.record(recipe=recipe, owner=None, surface=Surface.COMMAND, count=3)
    return Generation.objects.get()


def pages(row: Generation) -> list[str]:
    policy = Policy.objects.get(slug="wifi")
    return [
        reverse("admin:index"),
        reverse("admin:passwords_policy_changelist"),
        reverse("admin:passwords_policy_add"),
        reverse("admin:passwords_policy_change", args=[policy.pk]),
        reverse("admin:passwords_policy_history", args=[policy.pk]),
        reverse("admin:passwords_policy_delete", args=[policy.pk]),
        reverse("admin:passwords_generation_changelist"),
        reverse("admin:passwords_generation_changelist") + "?surface=web&q=ana",
        reverse("admin:passwords_generation_change", args=[row.pk]),
        reverse("admin:auth_user_changelist"),
    ]


def test_a_superuser_opens_every_page(boss: Client, row: Generation) -> None:
    for page in pages(row):
        assert boss.get(page).status_code == 200, page


def test_a_stranger_is_asked_to_sign_in(client: Client, row: Generation) -> None:
    for page in pages(row):
        response = client.get(page)
        assert response.status_code == 302, page
        assert "/admin/login/" in response.headers["Location"]


def test_not_even_a_superuser_adds_changes_or_deletes_history(
    boss: Client, row: Generation
) -> None:
    add = boss.get(reverse("admin:passwords_generation_add"))
    change = boss.post(reverse("admin:passwords_generation_change", args=[row.pk]), {"count": 9})
    delete = boss.post(reverse("admin:passwords_generation_delete", args=[row.pk]), {"post": "yes"})

    assert [add.status_code, change.status_code, delete.status_code] == [403, 403, 403]
    row.refresh_from_db()
    assert row.count == 3


def test_a_policy_without_a_recipe_is_refused_in_the_form(boss: Client) -> None:
    policy = Policy.objects.get(slug="wifi")

    response = boss.post(
        reverse("admin:passwords_policy_change", args=[policy.pk]),
        {"slug": "wifi", "name": "x", "kind": "pin", "parameters": '{"length": 2}', "position": 1},
    )

    assert response.status_code == 200
    assert "length: must be between 3 and 32" in response.content.decode()
    policy.refresh_from_db()
    assert policy.kind == "characters"
