"""Verify the chain from its beginning: find rows and seals that were changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from passwords.audit import chain, journals
from passwords.audit.chain import Head
from passwords.audit.journals import Leaf
from passwords.models import Action, Anchor, AuditEntry, Journal, Seal
from passwords.moments import to_microseconds


class Fault(Enum):
    """The faults of rows, seals and anchors."""

    ROW_ALTERED = "row altered"
    ROW_MISSING = "row missing"
    ROW_INSERTED = "row inserted"
    ROW_REORDERED = "row reordered"
    SEAL_ALTERED = "seal altered"
    SEAL_MISSING = "seal missing"
    SEAL_FORGED = "seal signed with another key"
    ANCHOR_FORGED = "anchor altered, or signed with another key"
    HEAD_MISSING = "the given head is not in the chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault, with the row or the seal that has it."""

    fault: Fault
    sequence: int
    journal: str = ""
    pk: int | None = None

    def __str__(self) -> str:
        row = f": {self.journal} {self.pk}" if self.pk is not None else ""
        return f"{self.fault.value}{row} (seal {self.sequence})"


def verify(*, head: str | None = None) -> Iterator[Finding]:
    """Yield the faults, in the order of the chain.

    Without *head*, a digest that was once the last one, missing seals at the end are not detected.
    """
    while True:
        anchor = chain.latest_anchor()
        for finding in _follow(anchor, head):
            if chain.latest_anchor() != anchor:
                break  # pruning has deleted rows meanwhile: start again
            yield finding
        else:
            return


def last_verification() -> AuditEntry | None:
    """Return the record of the last `manage.py history verify`; its details have the finding."""
    entries = AuditEntry.objects.filter(action=Action.CHAIN_VERIFIED)
    return entries.order_by("-created_at", "-pk").first()


def _follow(anchor: Anchor | None, known_digest: str | None) -> Iterator[Finding]:
    if anchor and not chain.is_signed(anchor):
        yield Finding(fault=Fault.ANCHOR_FORGED, sequence=anchor.sequence)
        return
    head = chain.beginning(anchor)
    cutoff = to_microseconds(anchor.cutoff) if anchor else 0
    digests = {head.digest}
    yield from _rows_before(head)
    for seal in Seal.objects.order_by("sequence").iterator(chunk_size=50):
        yield from _faults_of_seal(seal, head)
        yield from _faults_of_rows(seal, cutoff)
        last_pks = {**head.last_pks, seal.journal: seal.last_pk}
        head = chain.Head(seal.sequence, seal.digest, last_pks)
        digests.add(seal.digest)
    if known_digest and known_digest not in digests:
        yield Finding(fault=Fault.HEAD_MISSING, sequence=head.sequence)


def _rows_before(head: Head) -> Iterator[Finding]:
    """Yield rows with keys that pruning has deleted."""
    for journal, last_pk in head.last_pks.items():
        for leaf in journals.leaves(Journal(journal), after_pk=-1, last_pk=last_pk):
            yield Finding(
                fault=Fault.ROW_INSERTED, sequence=head.sequence, journal=journal, pk=leaf.pk
            )


def _faults_of_seal(seal: Seal, head: Head) -> Iterator[Finding]:
    if seal.sequence != head.sequence + 1:
        yield Finding(fault=Fault.SEAL_MISSING, sequence=head.sequence + 1)
    elif seal.after_pk != head.last_pks.get(seal.journal) or seal.digest != chain.digest_of(
        seal, head.digest
    ):
        yield Finding(fault=Fault.SEAL_ALTERED, sequence=seal.sequence)
    elif not chain.is_signed(seal):
        yield Finding(fault=Fault.SEAL_FORGED, sequence=seal.sequence)


def _faults_of_rows(seal: Seal, cutoff: int) -> Iterator[Finding]:
    """Yield the faults of the rows of *seal*, ordered by key."""
    if seal.journal not in Journal.values:
        return
    journal = Journal(seal.journal)
    sealed = {leaf.pk: leaf for leaf in journals.unpack(bytes(seal.leaves))}
    found = {
        leaf.pk: leaf
        for leaf in journals.leaves(journal, after_pk=seal.after_pk, last_pk=seal.last_pk)
    }
    contents = {leaf.content for leaf in sealed.values()}
    for pk in sorted(sealed.keys() | found.keys()):
        fault = _fault(sealed.get(pk), found.get(pk), contents, cutoff)
        if fault:
            yield Finding(fault=fault, sequence=seal.sequence, journal=journal.value, pk=pk)


def _fault(
    sealed: Leaf | None, found: Leaf | None, contents: set[bytes], cutoff: int
) -> Fault | None:
    if sealed is None:
        return Fault.ROW_INSERTED
    if found is None:
        return None if sealed.at < cutoff else Fault.ROW_MISSING
    if found == sealed:
        return None
    return Fault.ROW_REORDERED if found.content in contents else Fault.ROW_ALTERED
