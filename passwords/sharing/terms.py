"""How long a link lives, how often it opens, and whether it has a passphrase."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal, get_args

from django.conf import settings

from passwords import domain

PassphraseKind = Literal["words", "digits"]
"""Three words of the reader's language, or six digits."""
PASSPHRASE_KINDS: Final[tuple[PassphraseKind, ...]] = get_args(PassphraseKind)

MIN_SECONDS: Final = 300
DEFAULT_SECONDS: Final = 86_400
MAX_VIEWS: Final = 20
_DAY_SECONDS: Final = 86_400


def max_seconds() -> int:
    """Return the longest lifetime of a link, from ``SHARES_MAX_DAYS``."""
    days: int = settings.SHARES_MAX_DAYS
    return days * _DAY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTerms:
    """The terms of a link.

    Attributes:
        expires_in: the lifetime in seconds, 300 to `max_seconds`.
        views: how often the link can be opened, 1 to 20.

    Raises:
        RecipeError: a value is not valid; names the field.
    """

    expires_in: int = DEFAULT_SECONDS
    views: int = 1

    def __post_init__(self) -> None:
        domain.require_whole_number(
            "expires_in", self.expires_in, minimum=MIN_SECONDS, maximum=max_seconds()
        )
        domain.require_whole_number("views", self.views, minimum=1, maximum=MAX_VIEWS)

    @property
    def lifetime(self) -> timedelta:
        """The lifetime."""
        return timedelta(seconds=self.expires_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOptions:
    """What is asked for when a text is sealed here.

    Attributes:
        terms: lifetime and views.
        passphrase_kind: the kind of passphrase to draw, or ``None`` for a link without one.
        reveal: whether the sender sees a secret that is drawn and sealed in one request.
    """

    terms: ShareTerms = field(default_factory=ShareTerms)
    passphrase_kind: PassphraseKind | None = "words"  # noqa: S105  # a kind
    reveal: bool = True
