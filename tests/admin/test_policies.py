"""Policies in the admin: faults on their fields, a preview, a past, and files."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from passwords import domain
from passwords.admin.policy_changes import changes_of
from passwords.admin.recipe_fields import parameters_of, values_of
from passwords.models import Generation, Policy
from passwords.policies.formats import EXPORTS

PREVIEW = "admin:passwords_policy_preview"
IMPORT = "admin:passwords_policy_import"


def _change(policy: Policy) -> str:
    return reverse("admin:passwords_policy_change", args=[policy.pk])


def _values(policy: Policy, **others: Any) -> dict[str, Any]:
    """Return what the form of *policy* sends, with some fields filled otherwise."""
    own = {
        "slug": policy.slug,
        "name": policy.name,
        "description": policy.description,
        "kind": policy.kind,
        "active": "on",
        "position": policy.position,
        **values_of(policy.parameters),
    }
    return {name: value for name, value in {**own, **others}.items() if value is not None}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"length": "2"}, "length"),
        ({"length": "twenty"}, "length"),
        ({"words": "6"}, "words"),
        ({"length": None, "bits": "9999"}, "bits"),
        ({"min_symbols": "1"}, "min_symbols"),
        ({"symbol_set": "ação"}, "symbol_set"),
        ({"passwordrules": "required: digit"}, "symbols"),
        ({"symbols": None, "passwordrules": "required: letters"}, "passwordrules"),
        ({"kind": "passphrase", "symbols": None, "exclude_lookalikes": None}, "length"),
        ({"kind": "pattern", "symbols": None, "length": None, "pattern": "Key"}, "pattern"),
    ],
)
def test_a_fault_stands_on_the_field_that_has_it(
    gestor: Client, wifi: Policy, values: dict[str, Any], field: str
) -> None:
    response = gestor.post(_change(wifi), _values(wifi, **values))

    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {field}
    wifi.refresh_from_db()
    assert wifi.version == 1


def test_a_policy_whose_wordlist_was_removed_is_not_saved_with_another_one(gestor: Client) -> None:
    parameters = {"wordlist": "removed", "words": 7}
    policy = Policy.objects.create(name="Old", slug="old", kind="passphrase", parameters=parameters)
    shown = gestor.get(_change(policy)).context["adminform"].form["wordlist"]

    response = gestor.post(_change(policy), _values(policy))

    assert 'value="removed" selected' in str(shown)
    assert set(response.context["adminform"].form.errors) == {"wordlist"}
    policy.refresh_from_db()
    assert policy.parameters == parameters


def test_the_fields_become_the_parameters_of_the_policy(gestor: Client, wifi: Policy) -> None:
    response = gestor.post(_change(wifi), _values(wifi, length="30", min_digits="4"))

    assert response.status_code == 302
    wifi.refresh_from_db()
    assert wifi.parameters == {
        "length": 30, "symbols": False, "exclude_lookalikes": True, "min_digits": 4,
    }  # fmt: skip
    assert wifi.version == 2


@pytest.mark.parametrize("policy", ["wifi", "administrator", "pin", "api-token", "legacy"])
def test_saving_a_form_as_it_came_changes_nothing(gestor: Client, policy: str) -> None:
    before = Policy.objects.get(slug=policy)

    page = gestor.get(_change(before))
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    gestor.post(_change(before), {name: value for name, value in sent.items() if value is not None})

    after = Policy.objects.get(slug=policy)
    assert (after.parameters, after.version) == (before.parameters, before.version)


@pytest.mark.parametrize(
    "parameters",
    [
        {"separator": "", "capitalize": "first", "words": 7},
        {"separator": " "},
        {"symbols": "!?", "length": 12},
        {"symbols": ""},
        {"pattern": " d-[p] ", "exclude_lookalikes": True},
        {"bits": 77},
        {"bits": 77.5},
        {"repeats_or_runs": False},
        {"passwordrules": "required: digit", "length": 12},
    ],
)
def test_fields_and_parameters_say_the_same(parameters: dict[str, Any]) -> None:
    again = parameters_of(values_of(parameters))

    expected = {**parameters}
    if expected.get("symbols") == "":
        expected["symbols"] = False
    assert again == expected


def test_two_policies_of_a_kind_cannot_both_be_the_default(gestor: Client, wifi: Policy) -> None:
    response = gestor.post(_change(wifi), _values(wifi, default="on"))

    assert "There is another default policy of this kind." in response.content.decode()


def test_the_preview_shows_the_strength_and_five_samples(gestor: Client) -> None:
    response = gestor.post(reverse(PREVIEW), {"kind": "pin", "length": "12"})

    samples = re.findall(r"<code>([0-9]{12})</code>", response.content.decode())
    assert len(set(samples)) == 5
    assert "39.86" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_the_preview_reports_what_is_wrong(gestor: Client) -> None:
    response = gestor.post(reverse(PREVIEW), {"kind": "pin", "length": "1"})

    assert response.status_code == 200
    assert "Length: must be between 3 and 32" in response.content.decode()


def test_a_sample_is_recorded_nowhere(gestor: Client, wifi: Policy) -> None:
    page = gestor.get(_change(wifi)).content.decode()
    gestor.post(reverse(PREVIEW), {"kind": "pin"})

    assert len(re.findall(r"<code>[0-9A-Za-z]{20}</code>", page)) == 5
    assert not Generation.objects.exists()


def test_the_preview_needs_permission_to_view_policies(operador: Client) -> None:
    assert operador.post(reverse(PREVIEW), {"kind": "pin"}).status_code == 403


def test_a_policy_whose_recipe_is_no_longer_possible_still_opens(
    gestor: Client, wifi: Policy
) -> None:
    Policy.objects.filter(pk=wifi.pk).update(parameters={"length": 1})

    page = gestor.get(_change(wifi))
    listed = gestor.get(reverse("admin:passwords_policy_changelist"))

    assert "No secret can be drawn from this recipe." in page.content.decode()
    assert listed.status_code == 200


def test_the_policy_history_names_the_user_and_the_changed_field(
    gestor: Client, wifi: Policy
) -> None:
    gestor.post(_change(wifi), _values(wifi, length="30"))

    page = gestor.get(reverse("admin:passwords_policy_history", args=[wifi.pk])).content.decode()

    assert wifi.history.latest().history_user_name == "gestor"
    assert re.search(r"<del>[^<]*20[^<]*</del>.*<ins>[^<]*30", page)


@pytest.mark.parametrize("address", ["abc/history/", "1x/history/", "abc/change/", "9999/history/"])
def test_what_is_no_policy_has_no_past(gestor: Client, address: str) -> None:
    response = gestor.get(reverse("admin:passwords_policy_changelist") + address)

    assert response.status_code in {302, 404}


def test_a_policy_s_history_keeps_the_name_of_a_deleted_user(gestor: Client, wifi: Policy) -> None:
    gestor.post(_change(wifi), _values(wifi, length="30"))
    User.objects.get(username="gestor").delete()

    assert wifi.history.latest().history_user_name == "gestor"


def test_an_old_revision_is_restored_under_a_new_version(gestor: Client, wifi: Policy) -> None:
    first = wifi.history.latest()
    gestor.post(_change(wifi), _values(wifi, length="30"))

    url = reverse("admin:passwords_policy_simple_history", args=[wifi.pk, first.pk])
    shown = gestor.get(url).context["adminform"].form["length"].value()
    gestor.post(url, _values(wifi))

    wifi.refresh_from_db()
    assert (shown, wifi.parameters["length"], wifi.version) == (20, 20, 3)


@pytest.mark.parametrize("by", ["page", "action"])
def test_a_deleted_policy_leaves_its_last_revision(gestor: Client, wifi: Policy, by: str) -> None:
    if by == "page":
        gestor.post(reverse("admin:passwords_policy_delete", args=[wifi.pk]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [wifi.pk], "post": "yes"}
        gestor.post(reverse("admin:passwords_policy_changelist"), chosen)

    assert not Policy.objects.filter(slug="wifi").exists()
    last = Policy.history.filter(slug="wifi").latest()
    assert (last.history_type, last.history_user_name) == ("-", "gestor")


def test_the_history_stays_readable_without_its_policy(
    boss: Client, row: Generation, wifi: Policy
) -> None:
    Generation.objects.update(policy=wifi, policy_slug="wifi", policy_version=1)
    wifi.delete()

    listed = boss.get(reverse("admin:passwords_generation_changelist"))
    shown = boss.get(reverse("admin:passwords_generation_change", args=[row.pk]))

    assert "wifi" in listed.content.decode()
    assert shown.status_code == 200
    assert "wifi" in shown.content.decode()


def test_a_user_who_may_only_view_sees_the_parameters(client: Client, wifi: Policy) -> None:
    from django.contrib.auth.models import Permission  # noqa: PLC0415  # for this one test

    reader = User.objects.create(username="reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_policy"))
    client.force_login(reader)

    page = client.get(_change(wifi))

    assert "Length: 20; Symbols: No; No look-alikes: Yes" in page.content.decode()


@pytest.mark.parametrize("format_name", ["json", "yaml"])
def test_what_is_exported_can_be_imported(gestor: Client, format_name: str) -> None:
    exported = gestor.get(reverse("admin:passwords_policy_export", args=[format_name])).content
    Policy.objects.all().delete()

    gestor.post(reverse(IMPORT), {"document": exported.decode(), "apply": "1"})

    assert EXPORTS[format_name].dump(Policy.objects.all()) == exported.decode()


def test_policies_are_exported_as_site_rules(gestor: Client) -> None:
    answer = gestor.get(reverse("admin:passwords_policy_export", args=["apple-rules"]))

    assert answer["Content-Disposition"] == 'attachment; filename="password-rules.json"'
    assert answer.json()["wifi"]["password-rules"].startswith("minlength: 20; maxlength: 20;")


@pytest.mark.parametrize("chosen", ["", "apple-rules"])
def test_site_rules_are_imported(gestor: Client, chosen: str) -> None:
    document = '{"example.com": {"password-rules": "maxlength: 12; required: digit"}}'

    gestor.post(reverse(IMPORT), {"document": document, "format": chosen, "apply": "1"})

    assert Policy.objects.get(slug="example-com").recipe().size == 12


VAULT = 'length = 12\nrule "charset" { charset = "0123456789abcdef" }\n'


def test_a_policy_of_vault_has_the_name_of_its_file_or_that_of_the_form(gestor: Client) -> None:
    file = SimpleUploadedFile("db.prod.hcl", VAULT.encode())
    page = gestor.post(reverse(IMPORT), {"file": file}).content.decode()
    unnamed = gestor.post(reverse(IMPORT), {"document": VAULT})

    gestor.post(reverse(IMPORT), {"document": VAULT, "name": "Team <b>", "apply": "1"})

    assert '<input type="hidden" name="name" value="db.prod">' in page
    assert "db-prod: is added" in page
    assert unnamed.status_code == 422
    assert "This format has no name for the policy: give one." in unnamed.content.decode()
    assert Policy.objects.get(slug="team-b").recipe().count == 16**12


def test_a_policy_is_exported_for_vault_or_the_reason_why_not_is_shown(
    gestor: Client, wifi: Policy
) -> None:
    def export(policy: Policy) -> Any:
        url = reverse("admin:passwords_policy_export_one", args=["vault", policy.slug])
        return gestor.get(url, follow=True)

    answer = export(wifi)
    refused = export(Policy.objects.get(slug="pin"))

    assert answer["Content-Disposition"] == 'attachment; filename="wifi.hcl"'
    assert answer.content.startswith(b"length = 20\n")
    assert "Vault only has policies for passwords of characters." in refused.content.decode()
    assert refused.redirect_chain == [(_change(Policy.objects.get(slug="pin")), 302)]


@pytest.mark.parametrize("arguments", [["vault"], ["vault", "gone"], ["xml", "wifi"]], ids=" ".join)
def test_no_page_exports_what_there_is_not(gestor: Client, arguments: list[str]) -> None:
    name = "passwords_policy_export" + "_one" * (len(arguments) - 1)

    assert gestor.get(reverse(f"admin:{name}", args=arguments)).status_code == 404


def test_the_page_of_a_policy_links_to_its_export_for_vault(gestor: Client, wifi: Policy) -> None:
    link = reverse("admin:passwords_policy_export_one", args=["vault", "wifi"])

    assert link in gestor.get(_change(wifi)).content.decode()
    assert "/export/vault/" not in (
        gestor.get(_change(Policy.objects.get(slug="pin"))).content.decode()
    )


def test_the_chosen_format_is_still_chosen_when_the_import_is_confirmed(gestor: Client) -> None:
    page = gestor.post(reverse(IMPORT), {"document": "policies: []", "format": "policies"})
    wrong = gestor.post(reverse(IMPORT), {"document": "policies: []", "format": "apple-rules"})

    assert '<input type="hidden" name="format" value="policies">' in page.content.decode()
    assert wrong.status_code == 422


def test_an_unknown_format_is_no_page(gestor: Client) -> None:
    url = reverse("admin:passwords_policy_export", args=["xml"])

    assert gestor.get(url).status_code == 404


def test_an_import_is_shown_before_anything_changes(gestor: Client) -> None:
    document = b'{"policies": [{"slug": "pin", "name": "PIN", "kind": "pin"}]}'

    response = gestor.post(reverse(IMPORT), {"file": SimpleUploadedFile("p.json", document)})

    assert "pin: is changed (name, description, parameters, default, position)" in (
        response.content.decode()
    )
    assert Policy.objects.get(slug="pin").name == "6-digit PIN"


@pytest.mark.parametrize(
    "sent", [{"document": "{"}, {}, {"file": SimpleUploadedFile("p.json", b"\xff\xfe")}]
)
def test_a_bad_import_says_why(gestor: Client, sent: dict[str, Any]) -> None:
    response = gestor.post(reverse(IMPORT), sent)

    assert response.status_code == 422 if sent else 200
    assert sent == {} or "errorlist" in response.content.decode()


@pytest.mark.parametrize(
    "document",
    [
        "policies: &all [*all]",
        "policies: [{slug: x, name: X, kind: pin, position: .inf}]",
        'policies: [{slug: x, name: "\\ud800", kind: pin}]',
        "policies: [{slug: x, name: a\0b, kind: pin}]",
    ],
)
@pytest.mark.parametrize("sent_as", ["file", "document"])
def test_a_hostile_import_is_refused_and_changes_nothing(
    gestor: Client, document: str, sent_as: str
) -> None:
    before = list(Policy.objects.values())
    uploaded = SimpleUploadedFile("p.yaml", document.encode())

    response = gestor.post(
        reverse(IMPORT), {sent_as: uploaded if sent_as == "file" else document, "apply": "1"}
    )

    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert list(Policy.objects.values()) == before


def test_a_failed_import_is_reported(gestor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Policy, "save", refuse)
    document = "policies: [{slug: new, name: New, kind: pin}]"

    response = gestor.post(reverse(IMPORT), {"document": document, "apply": "1"})

    assert response.status_code == 422
    assert "changed by somebody else" in response.content.decode()


def test_an_import_records_its_user(gestor: Client) -> None:
    document = "policies: [{slug: new, name: New, kind: pin}]"

    gestor.post(reverse(IMPORT), {"document": document, "apply": "1"})

    assert Policy.history.get(slug="new").history_user_name == "gestor"
    assert Policy.objects.get(slug="new").recipe() == domain.build("pin", {})


PORTUGUESE = {"Accept-Language": "pt-br"}


def test_a_built_in_policy_is_in_the_language_of_the_page(gestor: Client) -> None:
    pages = [
        gestor.get(address, headers=PORTUGUESE).content.decode()
        for address in (
            reverse("admin:passwords_policy_changelist"),
            reverse("admin:passwords_policy_change", args=[6]),
            reverse("admin:passwords_policy_history", args=[6]),
            reverse("admin:passwords_policy_delete", args=[6]),
        )
    ]

    assert Policy.objects.get(pk=6).name == "6-digit PIN"
    for page in pages:
        assert "PIN de 6 dígitos" in page
        assert "6-digit PIN" not in page


def test_a_translated_text_that_is_saved_unchanged_stays_as_it_is_stored(
    gestor: Client, wifi: Policy
) -> None:
    form = gestor.get(_change(wifi), headers=PORTUGUESE).context["adminform"].form
    shown = form["description"].value()

    gestor.post(_change(wifi), _values(wifi, description=shown), headers=PORTUGUESE)
    unchanged = Policy.objects.get(pk=wifi.pk)
    gestor.post(_change(wifi), _values(wifi, name="Casa", description="Nossa"), headers=PORTUGUESE)
    changed = Policy.objects.get(pk=wifi.pk)

    assert shown.startswith("20 letras e dígitos")
    assert unchanged.description == wifi.description
    assert (changed.name, changed.description) == ("Casa", "Nossa")


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        ("active", True, False, ["Active: Yes → No"]),
        ("kind", "pin", "token", ["Kind: PIN → Token"]),
        ("position", 10, 1200, ["Position: 10 → 1,200"]),
        ("name", "6-digit PIN", "Card", ["Name: 6-digit PIN → Card"]),
        (
            "parameters",
            {"length": 20, "symbols": False},
            {"length": 24, "symbols": "!?"},
            ["Length: 20 → 24", "Symbols: No → !?"],
        ),
        ("parameters", {"bits": 77.5}, {}, ["Bits of entropy: 77.50 → Default"]),
        ("parameters", {}, {"separator": " "}, ["Separator: Default → “ ”"]),
        (
            "parameters",
            {},
            {"capitalize": "first"},
            ["Capitals: Default → First letter of every word"],
        ),
        (
            "parameters",
            {"wordlist": "eff-large"},
            {"wordlist": "eff-short-2"},
            ["Wordlist: EFF large → EFF short 2"],
        ),
        (
            "parameters",
            {"repeats_or_runs": True},
            {"repeats_or_runs": False},
            ["Allow repeats and runs: Yes → No"],
        ),
        ("parameters", {"gone": 1}, {"gone": None}, ["gone: 1 → Default"]),
    ],
)
def test_a_change_has_the_labels_and_the_values_of_the_form(
    field: str, old: Any, new: Any, expected: list[str]
) -> None:
    assert [str(change) for change in changes_of(field, old, new)] == expected


def test_the_audit_shows_the_changed_parameters(boss: Client, gestor: Client, wifi: Policy) -> None:
    gestor.post(_change(wifi), _values(wifi, length="30"))

    page = boss.get(reverse("admin:passwords_auditentry_changelist")).content.decode()

    assert "Active: Yes" not in page
    assert "Length: 20 → 30; Version: 2" in page


@pytest.mark.parametrize("language", ["en", "pt-br", "es"])
def test_the_messages_agree_with_the_policy(gestor: Client, wifi: Policy, language: str) -> None:
    expected = {
        "en": ["The policy “A” was changed.", "The policy “A” was deleted."],
        "pt-br": ["A política “A” foi alterada.", "A política “A” foi removida."],
        "es": ["Se modificó la política «A».", "Se eliminó la política «A»."],
    }[language]
    headers = {"Accept-Language": language}

    responses = [
        gestor.post(_change(wifi), _values(wifi, name="A"), headers=headers, follow=True),
        gestor.post(
            reverse("admin:passwords_policy_delete", args=[wifi.pk]),
            {"post": "yes"}, headers=headers, follow=True,
        ),
    ]  # fmt: skip

    shown = [[str(message) for message in response.context["messages"]] for response in responses]
    assert shown == [[message] for message in expected]


def test_an_added_policy_is_announced_in_portuguese(gestor: Client, wifi: Policy) -> None:
    values = _values(wifi, name="Nova", slug="nova")

    response = gestor.post(
        reverse("admin:passwords_policy_add"), values, headers=PORTUGUESE, follow=True
    )

    assert "A política “Nova” foi adicionada." in response.content.decode()


def test_the_page_of_a_revision_shows_its_preview(gestor: Client, wifi: Policy) -> None:
    first = wifi.history.latest()
    gestor.post(_change(wifi), _values(wifi, length="30"))

    url = reverse("admin:passwords_policy_simple_history", args=[wifi.pk, first.pk])
    page = gestor.get(url).content.decode()

    assert "116.07" in page
    assert len(re.findall(r"<code>[0-9A-Za-z]{20}</code>", page)) == 5
    assert "Restore this revision" in page
    assert 'href="/admin/passwords/">Giropops Senhas</a>' in page


def test_the_preview_of_a_form_with_errors_is_of_the_form(gestor: Client, wifi: Policy) -> None:
    without_name = gestor.post(_change(wifi), _values(wifi, name="", length="30"))
    without_recipe = gestor.post(_change(wifi), _values(wifi, length="1"))

    assert len(re.findall(r"<code>[0-9A-Za-z]{30}</code>", without_name.content.decode())) == 5
    assert "Length: must be between 4 and 256" in without_recipe.content.decode()


def test_the_list_and_the_wordlists_have_words_of_the_language(gestor: Client) -> None:
    listed = gestor.get(reverse("admin:passwords_policy_changelist"), headers=PORTUGUESE)
    form = gestor.get(reverse("admin:passwords_policy_add"), headers=PORTUGUESE)

    assert '<td class="field-is_active">Sim</td>' in listed.content.decode()
    assert "True" not in listed.content.decode()
    assert "EFF large (Inglês): 7.776 palavras" in form.content.decode()


def test_no_page_about_a_revision_falls_back_to_portuguese(gestor: Client, wifi: Policy) -> None:
    spanish = {"Accept-Language": "es"}
    past = gestor.get(
        reverse("admin:passwords_policy_history", args=[wifi.pk]), headers=spanish
    ).content.decode()
    revision = gestor.get(
        reverse("admin:passwords_policy_simple_history", args=[wifi.pk, wifi.history.latest().pk]),
        headers=spanish,
    ).content.decode()

    assert "de cambios: Wi-Fi WPA2/WPA3" in past
    assert "Elija una fecha para ver la revisión" in past
    assert "Revisión de «Wi-Fi WPA2/WPA3»" in revision


def test_an_entropy_is_shown_short_and_kept_in_full(gestor: Client) -> None:
    policy = Policy.objects.get(slug="pin")
    parameters = {"bits": 19.931568569324174}
    Policy.objects.filter(pk=policy.pk).update(parameters=parameters)

    form = gestor.get(_change(policy)).context["adminform"].form
    shown = form["bits"].value()
    gestor.post(_change(policy), _values(policy, repeats_or_runs=None, length=None, bits=shown))
    unchanged = Policy.objects.get(pk=policy.pk).parameters
    gestor.post(_change(policy), _values(policy, repeats_or_runs=None, length=None, bits="23"))

    assert shown == 19.93
    assert unchanged == parameters
    assert Policy.objects.get(pk=policy.pk).parameters == {"bits": 23}
