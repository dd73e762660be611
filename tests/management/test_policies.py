"""`manage.py policies`: to a file and back."""

import base64
import io
import json
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError

from passwords.models import Policy
from tests.management import program
from tests.management.conftest import Call

pytestmark = pytest.mark.django_db


def test_the_export_is_yaml_or_json_with_the_same_content(call: Call) -> None:
    as_yaml, _ = call("policies", "export")
    as_json, _ = call("policies", "export", "--format", "json")

    assert yaml.safe_load(as_yaml) == json.loads(as_json)
    assert [entry["slug"] for entry in json.loads(as_json)["policies"]] == [
        policy.slug for policy in Policy.objects.all()
    ]


def test_a_dry_run_is_reported_and_changes_nothing(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "policies.yaml"
    file.write_text("policies: [{slug: new, name: New, kind: pin}]")

    stdout, stderr = call("policies", "import", "--dry-run", str(file))

    assert stdout == "new: is added\n"
    assert stderr == "Nothing is changed: this was a dry run.\n"
    assert not Policy.objects.filter(slug="new").exists()


def test_an_import_changes_the_policies_that_it_names(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = b"policies: [{slug: new, name: New, kind: pin}]"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(document)))

    stdout, stderr = call("policies", "import", "-")

    assert (stdout, stderr) == ("new: is added\n", "1 policy is changed or added.\n")
    assert Policy.objects.filter(slug="new").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"policies: 3", 2), (b"\xff", 2), (b"a: &a [*a]", 2), (b" " * 65_537, 2), (None, 1)],
)
def test_a_file_that_cannot_be_read_is_a_fault(
    call: Call, tmp_path: Path, content: bytes | None, code: int
) -> None:
    file = tmp_path / "policies.yaml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError) as caught:
        call("policies", "import", str(file))

    assert caught.value.returncode == code


def test_a_format_can_be_forced(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text("{}")

    assert call("policies", "import", "--format", "apple-rules", str(file))[0] == ""
    with pytest.raises(CommandError, match="no list of policies"):
        call("policies", "import", "--format", "policies", str(file))


def test_a_policy_goes_to_vault_and_comes_back(call: Call, tmp_path: Path) -> None:
    exported, _ = call("policies", "export", "--format", "vault", "--policy", "wifi")
    file = tmp_path / "wifi.hcl"
    file.write_text(exported)
    before = Policy.objects.get(slug="wifi").recipe().count

    stdout, _ = call("policies", "import", str(file))
    added, _ = call("policies", "import", "--name", "Wifi 2", str(file))

    assert (stdout, added) == ("wifi: is changed (parameters)\n", "wifi-2: is added\n")
    assert {
        Policy.objects.get(slug=slug, active=True).recipe().count for slug in ("wifi", "wifi-2")
    } == {before}


def test_a_policy_of_vault_gives_a_secret_for_kubernetes(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "db.hcl"
    file.write_text('length = 24\nrule "charset" { charset = "abc" }\n')

    call("policies", "import", str(file))
    manifest, _ = call("generate", "--policy", "db", "--as", "kubernetes", "--name", "app")

    secret = yaml.safe_load(manifest)
    assert (secret["kind"], secret["metadata"]["name"]) == ("Secret", "app")
    password = base64.b64decode(secret["data"]["password"]).decode()
    assert len(password) == 24
    assert set(password) <= set("abc")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "--format", "vault"], "--policy: is required"),
        (["export", "--policy", "gone"], "--policy: is not the name of a policy"),
        (["export", "--policy", "a\0"], "--policy: is not the name of a policy"),
        (["export", "--format", "vault", "--policy", "pin"], "--policy: pin: Vault only has"),
        (["import", "-"], "--name: This format has no name"),
        (["import", "--name", "日本", "-"], "--name: The name must have a letter or a digit"),
    ],
)
def test_a_fault_names_the_option(
    call: Call, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    document = b'length = 8 rule "charset" { charset = "ab" }'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(document)))

    with pytest.raises(CommandError) as caught:
        call("policies", *arguments)

    assert str(caught.value).startswith(message)
    assert caught.value.returncode == 2


def test_one_policy_can_be_exported_in_any_format(call: Call) -> None:
    exported, _ = call("policies", "export", "--format", "json", "--policy", "pin")

    assert [entry["slug"] for entry in json.loads(exported)["policies"]] == ["pin"]


def test_a_missing_database_is_one_line(no_database: dict[str, str]) -> None:
    ended = program.run("policies", "export", own=no_database)

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
