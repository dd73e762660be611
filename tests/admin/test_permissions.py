"""Every URL of the admin, by role: each opens for the roles that may see it, and for no other."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from passwords.models import ApiToken, AuditEntry, Generation, Policy, Share
from tests.admin.conftest import ROLES, SignIn, make_token
from tests.sharing.conftest import MakeLink

# Who may open it: o is operador, g is gestor, s is superuser. Others are sent to sign in.
PAGES = {
    "index": "ogs",
    "second_factor": "ogs",
    "password_change": "ogs",
    "password_change_done": "ogs",
    "jsi18n": "ogs",
    "autocomplete": "",  # no model of ours offers completions: 403, even so
    "app_list": "ogs",
    "view_on_site": "",
    "passwords_policy_changelist": "gs",
    "passwords_policy_add": "gs",
    "passwords_policy_change": "gs",
    "passwords_policy_delete": "gs",
    "passwords_policy_history": "gs",
    "passwords_policy_simple_history": "gs",
    "passwords_policy_import": "gs",
    "passwords_policy_export": "gs",
    "passwords_policy_export_one": "gs",
    "passwords_policy_preview": "",  # takes POST alone
    "passwords_generation_changelist": "os",
    "passwords_generation_change": "os",
    "passwords_generation_history": "os",
    "passwords_auditentry_changelist": "os",
    "passwords_auditentry_change": "os",
    "passwords_auditentry_history": "os",
    "passwords_auditentry_add": "",
    "passwords_auditentry_delete": "",
    "passwords_generation_export": "os",
    "passwords_generation_add": "",
    "passwords_generation_delete": "",
    "passwords_share_changelist": "os",
    "passwords_share_change": "os",
    "passwords_share_history": "os",
    "passwords_share_add": "",
    "passwords_share_delete": "",
    "passwords_apitoken_changelist": "ogs",
    "passwords_apitoken_add": "ogs",
    "passwords_apitoken_change": "ogs",
    "passwords_apitoken_history": "ogs",
    "passwords_apitoken_delete": "",
    "auth_user_changelist": "s",
    "auth_user_add": "s",
    "auth_user_change": "s",
    "auth_user_delete": "s",
    "auth_user_history": "s",
    "auth_user_password_change": "s",
    "auth_group_changelist": "s",
    "auth_group_add": "s",
    "auth_group_change": "s",
    "auth_group_delete": "s",
    "auth_group_history": "s",
}
# Not pages of their own.
_LEFT_OUT = {"login", "logout"}
_LETTERS = {"operador": "o", "gestor": "g", "superuser": "s"}


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def _path(name: str, row: Generation, policy: Policy, client: Client) -> str:
    special: dict[str, list[str | int]] = {
        "app_list": ["passwords"],
        "view_on_site": [1, 1],
        "passwords_policy_export": ["yaml"],
        "passwords_policy_export_one": ["vault", "wifi"],
        "passwords_policy_simple_history": [policy.pk, policy.history.latest().pk],
    }
    if name in special:
        return reverse(f"admin:{name}", args=special[name])
    if name == "password_change" or not name.endswith(("_change", "_delete", "_history")):
        return reverse(f"admin:{name}")
    model = name.split("_")[1]
    keys = {
        "policy": policy.pk,
        "generation": row.pk,
        "auditentry": AuditEntry.objects.values_list("pk", flat=True).last() or 1,
        "share": Share.objects.values_list("pk", flat=True).last() or 1,
        "apitoken": ApiToken.objects.values_list("pk", flat=True).last() or 1,
        "group": Group.objects.earliest("pk").pk,
        "user": int(client.session.get("_auth_user_id", 1)),
    }
    return reverse(f"admin:{name}", args=[keys[model]])


def test_every_url_of_the_admin_is_listed() -> None:
    assert set(_names(admin.site.get_urls())) - _LEFT_OUT == set(PAGES)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_whom_it_should(
    sign_in: SignIn, role: str, row: Generation, wifi: Policy, make_link: MakeLink
) -> None:
    make_link()
    client = sign_in(role)
    for user in User.objects.filter(username=role):
        make_token(user)

    found = {name: client.get(_path(name, row, wifi, client)).status_code for name in PAGES}

    letter = _LETTERS.get(role)
    if letter is None:
        assert set(found.values()) == {302}  # to the page to sign in
    else:
        assert {name for name, status in found.items() if status == 200} == {
            name for name, letters in PAGES.items() if letter in letters
        }
        assert set(found.values()) <= {200, 302, 403, 404, 405}


def test_anonymous_visitors_are_sent_to_sign_in(sign_in: SignIn) -> None:
    response = sign_in("anonymous").get(reverse("admin:passwords_policy_changelist"))

    assert response.headers["Location"].startswith("/admin/login/")


def test_a_gestor_sees_nothing_of_the_history_on_the_front_page(gestor: Client) -> None:
    page = gestor.get(reverse("admin:index")).content.decode()

    assert reverse("admin:passwords_policy_changelist") in page
    assert reverse("admin:passwords_generation_changelist") not in page


def test_not_even_a_superuser_adds_changes_or_deletes_history(
    boss: Client, row: Generation
) -> None:
    add = boss.post(reverse("admin:passwords_generation_add"), {"count": 9})
    change = boss.post(reverse("admin:passwords_generation_change", args=[row.pk]), {"count": 9})
    delete = boss.post(reverse("admin:passwords_generation_delete", args=[row.pk]), {"post": "yes"})
    boss.post(
        reverse("admin:passwords_generation_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )

    assert [add.status_code, change.status_code, delete.status_code] == [403, 403, 403]
    row.refresh_from_db()
    assert row.count == 3
