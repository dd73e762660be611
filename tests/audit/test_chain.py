"""The chain: every change of a sealed row, or of a seal, is found."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone, translation

from passwords import audit, services
from passwords.audit import chain, journals, sealing, verifying
from passwords.models import (
    Action,
    Anchor,
    AppendOnlyError,
    AuditEntry,
    Channel,
    Generation,
    Journal,
    Seal,
)
from passwords.settling import settled_pk

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _row(number: int, *, days_ago: float = 0, **values: Any) -> Generation:
    given = {"channel": "web", "kind": "pin", "size": 6, "entropy_bits": 19.93}
    return Generation.objects.create(
        created_at=timezone.now() - days_ago * DAY, count=number, **given | values
    )


@pytest.fixture(autouse=True)
def _small_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ROWS_PER_SEAL", 4)


@pytest.fixture
def rows() -> list[Generation]:
    """Ten rows, and three of the audit, sealed in several batches."""
    made = [_row(number) for number in range(10)]
    for _ in range(3):
        audit.record(Action.SIGNED_IN, user_name="ana")
    audit.seal()
    return made


def _found(**options: Any) -> list[tuple[verifying.Fault, int | None]]:
    return [(finding.fault, finding.pk) for finding in audit.verify(**options)]


def test_what_is_sealed_and_left_alone_is_found_to_be_so(rows: list[Generation]) -> None:
    _row(99)

    assert _found() == []
    assert Seal.objects.count() == 4
    assert audit.unsealed_rows() == 1
    assert len(rows) == 10


def test_sealing_twice_adds_nothing(rows: list[Generation]) -> None:
    again = audit.seal()

    assert (again.rows, again.digest) == (0, chain.end().digest)
    assert len(rows) == 10


TAMPERINGS: dict[str, Any] = {
    "count": 7, "size": 7, "entropy_bits": 20.5, "kind": "token", "channel": "api",
    "user_id": 5, "user_name": "eve", "owner_hash": "0" * 32, "policy_id": 3,
    "policy_slug": "wifi", "policy_version": 2, "client_address": "192.0.2.1",
    "created_at": datetime(2020, 1, 1, tzinfo=UTC), "draft_id": UUID(int=1),
}  # fmt: skip


@pytest.mark.parametrize("column", TAMPERINGS)
def test_a_change_of_any_column_is_found(rows: list[Generation], column: str) -> None:
    Generation.objects.filter(pk=rows[5].pk).update(**{column: TAMPERINGS[column]})

    assert _found() == [(verifying.Fault.ROW_ALTERED, rows[5].pk)]


def test_a_row_without_a_draft_has_the_digest_of_releases_without_drafts() -> None:
    values = {"id": 1, "created_at": datetime(2026, 1, 1, tzinfo=UTC), "count": 1}

    with_the_column = journals._leaf({**values, "draft_id": None})

    assert with_the_column == journals._leaf(values)
    assert with_the_column != journals._leaf({**values, "draft_id": UUID(int=1)})


def test_every_column_is_among_those_tried() -> None:
    columns = {field.attname for field in Generation._meta.concrete_fields}

    assert set(TAMPERINGS) == columns - {"id"}


@pytest.mark.parametrize("place", range(10))
def test_a_change_of_any_row_is_found(rows: list[Generation], place: int) -> None:
    Generation.objects.filter(pk=rows[place].pk).update(count=1000)

    assert _found() == [(verifying.Fault.ROW_ALTERED, rows[place].pk)]


@pytest.mark.parametrize("place", range(10))
def test_a_deletion_is_found(rows: list[Generation], place: int) -> None:
    pk = rows[place].pk
    rows[place].delete()

    assert _found() == [(verifying.Fault.ROW_MISSING, pk)]


def test_two_rows_that_changed_places_are_found(rows: list[Generation]) -> None:
    Generation.objects.filter(pk=rows[5].pk).update(id=10**6)
    Generation.objects.filter(pk=rows[6].pk).update(id=rows[5].pk)
    Generation.objects.filter(pk=10**6).update(id=rows[6].pk)

    reordered = verifying.Fault.ROW_REORDERED
    assert _found() == [(reordered, rows[5].pk), (reordered, rows[6].pk)]


def test_a_row_slipped_in_between_is_found(rows: list[Generation]) -> None:
    pk = rows[5].pk
    rows[5].delete()
    audit.seal()
    Seal.objects.all().delete()
    audit.seal()
    Generation.objects.create(
        pk=pk, created_at=timezone.now(), count=1, channel="web", kind="pin", size=6, entropy_bits=1
    )

    assert _found() == [(verifying.Fault.ROW_INSERTED, pk)]


def test_a_change_of_the_audit_is_found(rows: list[Generation]) -> None:
    entry = AuditEntry.objects.earliest("pk")
    AuditEntry.objects.filter(pk=entry.pk).update(details={"a": 1})

    (finding,) = audit.verify()

    assert (finding.journal, finding.pk) == ("audit", entry.pk)
    assert str(finding) == f"row altered: audit {entry.pk} (seal 4)"
    assert rows


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_seal_that_is_gone_is_found(rows: list[Generation], sequence: int) -> None:
    Seal.objects.filter(sequence=sequence).delete()

    assert _found()[0] == (verifying.Fault.SEAL_MISSING, None)
    assert rows


@pytest.mark.parametrize("column", ["leaves", "after_pk", "last_pk", "sealed_at", "journal"])
def test_a_seal_that_was_changed_is_found(rows: list[Generation], column: str) -> None:
    values = {
        "leaves": journals.pack([journals.Leaf(1, 2, b"x" * 16)]),
        "after_pk": 2,
        "last_pk": 10**6,
        "sealed_at": timezone.now() + DAY,
        "journal": "audit",
    }
    Seal.objects.filter(sequence=2).update(**{column: values[column]})

    assert (verifying.Fault.SEAL_ALTERED, None) in _found()
    assert rows


def test_a_seal_that_leaves_a_row_out_is_found(rows: list[Generation]) -> None:
    left_out, sealed = _row(1), _row(2)
    head = chain.end()
    after_it = head._replace(last_pks={**head.last_pks, Journal.HISTORY: left_out.pk})
    leaves = journals.leaves(Journal.HISTORY, after_pk=left_out.pk, last_pk=sealed.pk)

    sealing._link(Journal.HISTORY, after_it, leaves).save()  # whole, and signed with the key

    assert _found() == [(verifying.Fault.SEAL_ALTERED, None)]
    assert rows


def test_leaves_of_a_wrong_length_are_no_leaves(rows: list[Generation]) -> None:
    Seal.objects.filter(sequence=2).update(leaves=b"short")

    assert _found()[0] == (verifying.Fault.SEAL_ALTERED, None)
    assert rows


def test_seals_that_changed_places_are_found(rows: list[Generation]) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        Seal.objects.filter(sequence=old).update(sequence=new)

    assert _found()[0] == (verifying.Fault.SEAL_ALTERED, None)
    assert rows


def test_a_chain_made_anew_without_the_key_is_found(rows: list[Generation], settings: Any) -> None:
    Generation.objects.filter(pk=rows[5].pk).update(count=1000)
    Seal.objects.all().delete()
    key, settings.SECRET_KEY = settings.SECRET_KEY, "f" * 50
    audit.seal()
    settings.SECRET_KEY = key

    assert (verifying.Fault.SEAL_FORGED, None) in _found()


def test_a_key_of_old_still_verifies(rows: list[Generation], settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "f" * 50

    assert _found() == []
    assert rows


def test_a_chain_cut_off_at_its_end_is_found_by_its_old_head(rows: list[Generation]) -> None:
    head = chain.end().digest
    Seal.objects.order_by("sequence").last().delete()  # type: ignore[union-attr]  # there is one
    AuditEntry.objects.all().delete()

    assert _found() == []
    assert _found(head=head) == [(verifying.Fault.HEAD_MISSING, None)]
    assert rows


def test_the_chain_holds_after_pruning() -> None:
    for days_ago in (9, 9, 9, 9, 9, 8, 3, 2):
        _row(days_ago, days_ago=days_ago)
    audit.seal()
    head = chain.end().digest

    pruned = services.prune_history(days=5)
    _row(1)
    audit.seal()

    assert pruned[Journal.HISTORY] == 6
    assert _found(head=head) == []
    assert Seal.objects.earliest("sequence").sequence == 2
    assert Generation.objects.count() == 3


def test_pruning_again_and_again_leaves_a_chain_that_holds() -> None:
    for days_ago in range(20, 0, -1):
        _row(days_ago, days_ago=days_ago)
    audit.seal()

    for days in (15, 10, 5):
        services.prune_history(days=days)
        audit.seal()

        assert _found() == []


def test_pruning_all_leaves_the_head_of_the_chain() -> None:
    _row(1, days_ago=9)
    head = audit.seal().digest

    audit.prune(timezone.now() - DAY)

    assert not Seal.objects.exists()
    assert chain.end().digest == head
    assert _found(head=head) == []


def test_a_row_that_was_too_young_to_be_pruned_is_missed() -> None:
    _row(1, days_ago=9)
    young = _row(2, days_ago=1)
    audit.seal()
    services.prune_history(days=5)
    pk = young.pk

    young.delete()

    assert (verifying.Fault.ROW_MISSING, pk) in _found()


def test_a_row_that_comes_back_from_before_the_anchor_is_found() -> None:
    old = _row(1, days_ago=9)
    audit.seal()
    pk = old.pk
    services.prune_history(days=5)

    _row(1, days_ago=9, pk=pk)

    assert _found()[0] == (verifying.Fault.ROW_INSERTED, pk)


def test_an_anchor_that_was_changed_is_found() -> None:
    _row(1, days_ago=9)
    audit.seal()
    services.prune_history(days=5)

    Anchor.objects.update(cutoff=timezone.now() + DAY)

    assert _found() == [(verifying.Fault.ANCHOR_FORGED, None)]


def test_pruning_is_recorded_with_how_much_went() -> None:
    _row(1, days_ago=9)

    services.prune_history(days=5)
    services.prune_history(days=5)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.channel) == (Action.HISTORY_PRUNED, Channel.COMMAND)
    assert entry.details == {"days": 5, "history": 1, "audit": 0}


def test_a_process_drops_its_batch_if_another_one_added_a_seal_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _row(1)
    empty = chain.end()
    audit.seal()
    _row(2)
    end, heads = chain.end, iter([empty])
    monkeypatch.setattr(chain, "end", lambda: next(heads, None) or end())

    assert audit.seal().rows == 0
    monkeypatch.undo()
    assert Seal.objects.count() == 1


def test_an_entry_is_added_once_and_never_changed() -> None:
    audit.record(Action.SIGNED_IN, user_name="ana")
    entry = AuditEntry.objects.get()

    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with translation.override("pt-br"):
        assert str(entry).endswith("ana entrou")


@pytest.mark.django_db(transaction=True)
def test_a_failed_write_is_reported_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with connection.schema_editor() as editor:
        editor.alter_db_table(AuditEntry, AuditEntry._meta.db_table, "away")

    recorded = audit.record(Action.SIGNED_IN)

    with connection.schema_editor() as editor:
        editor.alter_db_table(AuditEntry, "away", AuditEntry._meta.db_table)
    assert not recorded
    assert "audit: signed-in not recorded" in caplog.text


def test_an_empty_table_is_settled_at_0() -> None:
    assert settled_pk(Generation) == 0
