"""Links that the tests make and open."""

from collections.abc import Callable
from typing import Any

import pytest

from passwords import sharing
from passwords.models import Channel
from passwords.recents import Owner
from passwords.sharing import GoneError, LinkKey, Receipt, ShareTerms, protocol

ANA = Owner.anonymous("a" * 32)
BIA = Owner.anonymous("b" * 32)
TEXT = "the-text-of-a-link-3f9c"

MakeLink = Callable[..., tuple[LinkKey, Receipt]]


@pytest.fixture
def make_link() -> MakeLink:
    """Make a link as a browser does: it seals, and the server stores what it cannot read."""

    def make(
        *,
        owner: Owner | None = ANA,
        passphrase: str | None = None,
        text: str = TEXT,
        key: LinkKey | None = None,
        **terms: Any,
    ) -> tuple[LinkKey, Receipt]:
        key = key or LinkKey.draw()
        keys = key.unlock(passphrase)
        receipt = sharing.create(
            share_id=keys.share_id,
            verifier=keys.verifier,
            sealed=protocol.seal(keys, text),
            has_passphrase=keys.has_passphrase,
            terms=ShareTerms(**terms),
            owner=owner,
            channel=Channel.API,
        )
        return key, receipt

    return make


def is_live(key: LinkKey) -> bool:
    """Return whether the link can be opened."""
    try:
        sharing.status(share_id=key.share_id)
    except GoneError:
        return False
    return True
