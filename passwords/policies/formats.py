"""The formats of documents that policies are imported from and exported to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from passwords.policies import bitwarden, documents, keepassxc, own, site_rules, vault

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
        path: returns where in the document a field of the entry at an index is; () if the document
            has one policy only.
        has_only_recipes: whether the other fields of a policy are not in the document. An import
            then leaves them as they are.
        starts_active: whether new policies are active, unless the document says so.
    """

    title: StrOrPromise
    detects: Callable[[Source], bool]
    entries: Callable[[Source], Sequence[Entry]]
    path: Callable[[Sequence[Entry], int, str], documents.Path] = lambda *_: ()
    has_only_recipes: bool = False
    starts_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One format of documents to export.

    Attributes:
        dump: returns a document with the policies, or raises PolicyFileError.
        content_type: of the document.
        file_name: of a document with all policies; "" if a document can only have one policy.
        suffix: of the name of a document with one policy.
    """

    dump: Callable[[Iterable[Policy]], str]
    content_type: str
    file_name: str = ""
    suffix: str


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
    "vault": ImportFormat(
        title=_("Password policy of HashiCorp Vault (HCL or JSON)"),
        detects=vault.detects,
        entries=vault.entries,
        has_only_recipes=True,
    ),
    "bitwarden": ImportFormat(
        title=_("Options or policy of Bitwarden's generator (JSON)"),
        detects=bitwarden.detects,
        entries=bitwarden.entries,
        has_only_recipes=True,
    ),
    "keepassxc": ImportFormat(
        title=_("Settings of KeePassXC's generator (keepassxc.ini)"),
        detects=keepassxc.detects,
        entries=keepassxc.entries,
        has_only_recipes=True,
    ),
}
"""By the name for ``--format``."""

# First those that are neither JSON nor YAML: the others parse the document.
_DETECTION: Final = ("keepassxc", "vault", OWN, "apple-rules", "bitwarden")

EXPORTS: Final[Mapping[str, ExportFormat]] = {
    "json": ExportFormat(
        dump=own.dump_json,
        content_type="application/json",
        file_name="policies.json",
        suffix=".json",
    ),
    "yaml": ExportFormat(
        dump=own.dump_yaml,
        content_type="application/yaml",
        file_name="policies.yaml",
        suffix=".yaml",
    ),
    # Only the recipes of characters, without the other fields.
    "apple-rules": ExportFormat(
        dump=site_rules.dump,
        content_type="application/json",
        file_name="password-rules.json",
        suffix=".json",
    ),
    "vault": ExportFormat(dump=vault.dump, content_type="text/plain", suffix=".hcl"),
}
"""By the name for ``--format``."""


def detect(source: Source) -> ImportFormat:
    """Return the format of *source*; that of this app if it is of none.

    Raises:
        PolicyFileError: it cannot be read at all.
    """
    found = (IMPORTS[name] for name in _DETECTION if IMPORTS[name].detects(source))
    return next(found, IMPORTS[OWN])
