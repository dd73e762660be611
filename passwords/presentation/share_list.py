"""The sender's list of one-time links."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy

from passwords.models import ShareState
from passwords.sharing import Receipt

_MEANINGS: Final = {
    ShareState.LIVE: gettext_lazy("Waiting to be opened."),
    ShareState.OPENED: gettext_lazy("Opened. If that was not your recipient, change the secret."),
    ShareState.EXPIRED: gettext_lazy("Its time is over, and its content is deleted."),
    ShareState.REVOKED: gettext_lazy("Revoked by you or by an operator; its content is deleted."),
    ShareState.LOCKED: gettext_lazy("Locked after ten wrong attempts; its content is deleted."),
}
_OPENED_BEFORE: Final = gettext_lazy(
    "Opened, and can be opened again. If that was not your recipient, revoke the link and change"
    " the secret."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One link of the list."""

    receipt: Receipt
    meaning: str

    @property
    def is_live(self) -> bool:
        """Whether the link can still be opened, and revoked."""
        return self.receipt.state == ShareState.LIVE


def share_rows(receipts: Iterable[Receipt]) -> Iterator[ShareRow]:
    """Yield the rows of *receipts*."""
    for receipt in receipts:
        yield ShareRow(receipt=receipt, meaning=_meaning(receipt))


def _meaning(receipt: Receipt) -> str:
    if receipt.state == ShareState.LIVE and receipt.opened_at:
        return str(_OPENED_BEFORE)
    return str(_MEANINGS[receipt.state])
