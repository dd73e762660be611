"""`manage.py history`: figures, export and pruning."""

import csv
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from pytest_django import Settings

from passwords import audit
from passwords.models import Generation, Seal
from tests.management import program
from tests.management.conftest import Call

pytestmark = pytest.mark.django_db

FIELDS = [
    *("created_at", "user", "owner_hash", "surface", "kind", "policy", "policy_version"),
    *("count", "size", "entropy_bits", "client_address"),
]


def _row(*, days_ago: float = 0, **values: Any) -> Generation:
    given = {"channel": "web", "kind": "pin", "count": 1, "size": 6, "entropy_bits": 20.0}
    return Generation.objects.create(
        created_at=timezone.now() - timedelta(days=days_ago), **given | values
    )


def test_the_statistics_count_by_channel_and_kind(call: Call) -> None:
    _row(count=3)
    _row(count=4, entropy_bits=10.0)
    _row(channel="api", kind="token")

    stdout, _ = call("history", "stats")

    lines = [line.split() for line in stdout.splitlines()]
    assert lines[:2] == [["requests", "3"], ["secrets", "8"]]
    assert lines[-2:] == [["api", "token", "1", "1", "20.0"], ["web", "pin", "2", "7", "15.0"]]


def test_the_statistics_can_be_json(call: Call) -> None:
    row = _row(count=3)

    stdout, _ = call("history", "stats", "--format", "json")

    statistics = json.loads(stdout)
    assert parse_datetime(statistics["first_at"]) == row.created_at
    assert statistics["groups"] == [
        {"surface": "web", "kind": "pin", "requests": 1, "secrets": 3, "mean_entropy_bits": 20.0}
    ]


def test_an_empty_history_has_statistics(call: Call) -> None:
    stdout, _ = call("history", "stats")
    as_json, _ = call("history", "stats", "--format", "json")

    assert stdout.split() == ["requests", "0", "secrets", "0", "first", "-", "last", "-"]
    assert json.loads(as_json)["last_at"] is None


def test_the_export_has_every_field_and_is_oldest_first(call: Call) -> None:
    _row(policy_slug="pin", policy_version=2, client_address="192.0.2.7")
    _row(days_ago=1, owner_hash="ab" * 16)

    stdout, _ = call("history", "export")

    older, newer = csv.DictReader(stdout.splitlines())
    assert list(older) == FIELDS
    assert older["owner_hash"] == "ab" * 16
    assert (newer["policy"], newer["policy_version"]) == ("pin", "2")
    assert (newer["count"], newer["size"], newer["entropy_bits"]) == ("1", "6", "20.0")
    assert newer["client_address"] == "192.0.2.7"
    assert newer["created_at"].endswith("Z")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_csv_runs_as_a_formula(call: Call, start: str) -> None:
    _row(user_name=f"{start}SUM(1)")

    stdout, _ = call("history", "export", "--format", "csv")

    (row,) = csv.DictReader(stdout.splitlines())
    assert row["user"] == f"'{start}SUM(1)"


@pytest.mark.parametrize("format_name", ["json", "ndjson"])
def test_json_has_the_text_as_it_is(call: Call, format_name: str) -> None:
    _row(user_name="@ana")
    _row(user_name="João")

    stdout, _ = call("history", "export", "--format", format_name)

    if format_name == "json":
        rows = json.loads(stdout)
    else:
        rows = [json.loads(line) for line in stdout.splitlines()]
    assert [row["user"] for row in rows] == ["@ana", "João"]
    assert list(rows[0]) == FIELDS
    assert rows[0]["policy_version"] is None


def test_an_empty_history_exports_valid_documents(call: Call) -> None:
    as_csv, _ = call("history", "export")
    as_json, _ = call("history", "export", "--format", "json")
    as_ndjson, _ = call("history", "export", "--format", "ndjson")

    assert as_csv.strip().split(",") == FIELDS
    assert json.loads(as_json) == []
    assert as_ndjson == ""


def test_an_export_of_several_batches_is_whole(call: Call) -> None:
    now = timezone.now()
    Generation.objects.bulk_create(
        Generation(
            created_at=now, channel="web", kind="pin", count=number, size=6, entropy_bits=20.0
        )
        for number in range(4500)
    )

    stdout, _ = call("history", "export", "--format", "json")

    assert [row["count"] for row in json.loads(stdout)] == list(range(4500))


def test_pruning_deletes_what_is_older(call: Call) -> None:
    _row(days_ago=8)
    young = _row(days_ago=6)

    stdout, stderr = call("history", "prune", "--days", "7")

    assert list(Generation.objects.all()) == [young]
    assert (stdout, stderr) == ("", "1 row is deleted.\n")


def test_pruning_keeps_what_the_settings_say(call: Call, settings: Settings) -> None:
    settings.HISTORY_RETENTION_DAYS = 30
    _row(days_ago=31)
    _row(days_ago=29)

    call("history", "prune")

    assert Generation.objects.count() == 1


def test_a_dry_run_only_counts(call: Call) -> None:
    _row(days_ago=400)
    _row(days_ago=500)

    _, stderr = call("history", "prune", "--dry-run")

    assert Generation.objects.count() == 2
    assert stderr == "2 rows would be deleted.\n"


@pytest.mark.parametrize("days", ["0", "-1", "36501", "99999999999999999", "1.5", "soon"])
def test_pruning_refuses_a_senseless_number_of_days(call: Call, days: str) -> None:
    _row(days_ago=400)

    with pytest.raises(CommandError, match=r"^--days: ") as caught:
        call("history", "prune", "--days", days)

    assert caught.value.returncode == 2
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("action", ["stats", "export", "prune"])
def test_a_missing_database_is_one_line_and_exit_code_1(
    no_database: dict[str, str], action: str
) -> None:
    ended = program.run("history", action, own=no_database)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "There is no database yet: run `manage.py migrate`.\n"


def test_a_database_without_tables_is_one_line_and_exit_code_1(tmp_path: Any) -> None:
    (tmp_path / "empty.sqlite3").touch()

    ended = program.run(
        "history", "stats", own={"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert "DATABASE_URL" in ended.stderr


def test_sealing_prints_the_head_of_the_chain_and_verifying_accepts_it(call: Call) -> None:
    _row()

    head, sealed = call("history", "seal")
    stdout, said = call("history", "verify", "--head", head.strip())

    assert (len(head.strip()), sealed) == (64, "1 row is sealed.\n")
    assert stdout == ""
    assert said == "All sealed rows are unchanged. 0 rows are not sealed yet.\n"


def test_verifying_names_the_first_row_that_is_not_what_it_was(call: Call) -> None:
    rows = [_row(count=number) for number in range(3)]
    call("history", "seal")
    Generation.objects.filter(pk__gte=rows[1].pk).update(count=9)

    with pytest.raises(CommandError) as caught:
        call("history", "verify")

    assert caught.value.returncode == 1


def test_without_a_chain_nothing_is_sealed_and_what_is_sealed_still_verifies(
    call: Call, settings: Settings
) -> None:
    _row()
    call("history", "seal")
    settings.AUDIT_CHAIN = False
    row = _row()

    with pytest.raises(CommandError, match="AUDIT_CHAIN is false: no row is sealed") as caught:
        call("history", "seal")
    _stdout, said = call("history", "verify")
    call("history", "prune", "--days", "1")

    assert caught.value.returncode == 1
    assert said == "All sealed rows are unchanged. New rows are not sealed.\n"
    assert Seal.objects.get().last_pk < row.pk


def test_a_chain_that_was_off_goes_on_with_every_row_since(call: Call, settings: Settings) -> None:
    settings.AUDIT_CHAIN = False
    _row(days_ago=9)
    call("history", "prune", "--days", "5")
    _row()
    settings.AUDIT_CHAIN = True

    call("history", "seal")
    _stdout, said = call("history", "verify")

    # The row, and that the history was pruned.
    assert sum(len(bytes(seal.leaves)) // 32 for seal in Seal.objects.all()) == 2
    assert said.endswith("0 rows are not sealed yet.\n")


def test_the_audit_has_the_last_verification_and_its_result(call: Call) -> None:
    row = _row()
    call("history", "seal")
    call("history", "verify")
    intact = audit.last_verification()
    Generation.objects.filter(pk=row.pk).update(count=99)

    with pytest.raises(CommandError):
        call("history", "verify")
    altered = audit.last_verification()

    assert intact
    assert intact.details == {}
    assert altered
    assert altered.details == {"finding": f"row altered: history {row.pk} (seal 1)"}
    assert altered.channel == "command"
