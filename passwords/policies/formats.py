"""The formats of documents that policies are imported from and exported to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from passwords.policies import documents, own, site_rules

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from passwords.models import Policy
    from passwords.policies.documents import Source

Entry = Mapping[str, Any]
"""The fields of a policy, by their names; not checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFormat:
    """One format of documents to import.

    Attributes:
        title: the name on the screen.
        detects: whether a document is certainly of this format.
        entries: returns the policies in a document, or raises PolicyFileError.
        path: returns where in the document a field of the entry at an index is.
        has_only_recipes: whether the other fields of a policy are not in the document. An import
            then leaves them as they are.
        starts_active: whether new policies are active, unless the document says so.
    """

    title: StrOrPromise
    detects: Callable[[Source], bool]
    entries: Callable[[Source], Sequence[Entry]]
    path: Callable[[Sequence[Entry], int, str], documents.Path]
    has_only_recipes: bool = False
    starts_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One format of documents to export.

    Attributes:
        dump: returns a document with the policies.
        content_type: of the document.
        file_name: of the document.
    """

    dump: Callable[[Iterable[Policy]], str]
    content_type: str
    file_name: str


OWN: Final = "policies"

IMPORTS: Final[Mapping[str, ImportFormat]] = {
    OWN: ImportFormat(
        title=_("Policies of this app (JSON or YAML)"),
        detects=own.detects,
        entries=own.entries,
        path=lambda _entries, index, field: ("policies", index, field),
    ),
    "apple-rules": ImportFormat(
        title=_("Site rules (Apple's password-rules.json)"),
        detects=site_rules.detects,
        entries=site_rules.entries,
        path=lambda entries, index, _field: (entries[index]["name"],),
        has_only_recipes=True,
        # There are hundreds of them: they would fill the page.
        starts_active=False,
    ),
}
"""By the name for ``--format``."""

EXPORTS: Final[Mapping[str, ExportFormat]] = {
    "json": ExportFormat(
        dump=own.dump_json, content_type="application/json", file_name="policies.json"
    ),
    "yaml": ExportFormat(
        dump=own.dump_yaml, content_type="application/yaml", file_name="policies.yaml"
    ),
    # Only the recipes of characters, without the other fields.
    "apple-rules": ExportFormat(
        dump=site_rules.dump, content_type="application/json", file_name="password-rules.json"
    ),
}
"""By the name for ``--format``."""


def detect(source: Source) -> ImportFormat:
    """Return the format of *source*; that of this app if it is of none.

    Raises:
        PolicyFileError: it cannot be read at all.
    """
    found = (item for item in IMPORTS.values() if item.detects(source))
    return next(found, IMPORTS[OWN])
