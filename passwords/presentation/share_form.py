"""The form for a one-time link: its fields, their values and their errors."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from passwords import sharing
from passwords.presentation.recipe_form import Field
from passwords.validation import InvalidRequestError

_LIFETIMES: Final = {
    3_600: gettext_lazy("1 hour"),
    86_400: gettext_lazy("1 day"),
    7 * 86_400: gettext_lazy("7 days"),
    30 * 86_400: gettext_lazy("30 days"),
}
_PASSPHRASES: Final = {
    "words": gettext_lazy("Three words"),
    "digits": gettext_lazy("Six digits"),
    "": pgettext_lazy("passphrase", "None"),
}
LABELS: Final = {
    "text": gettext_lazy("Text"),
    "expires_in": gettext_lazy("Ends after"),
    "views": gettext_lazy("Can be opened"),
    "passphrase": gettext_lazy("Passphrase"),
}


class ShareForm:
    """The fields as a template needs them.

    Args:
        post: the form as it was sent; the defaults without it.
        errors: the message by the field at fault.
    """

    def __init__(
        self, post: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
    ) -> None:
        self._post = post or {}
        self.errors = errors or {}

    @property
    def text(self) -> Field:
        """The text, which the page shows again only to whoever sent it."""
        return self._field("text", "", maximum=sharing.MAX_CHARACTERS)

    @property
    def expires_in(self) -> Field:
        """How long the link lives."""
        choices = [
            (str(seconds), str(label))
            for seconds, label in _LIFETIMES.items()
            if seconds <= sharing.max_seconds()
        ]
        return self._field("expires_in", str(sharing.DEFAULT_SECONDS), choices=choices)

    @property
    def views(self) -> Field:
        """How often the link can be opened."""
        choices = [(str(views), _times(views)) for views in range(1, sharing.MAX_VIEWS + 1)]
        return self._field("views", "1", choices=choices)

    @property
    def passphrase(self) -> Field:
        """The kind of passphrase to draw."""
        choices = [(kind, str(label)) for kind, label in _PASSPHRASES.items()]
        return self._field("passphrase", "words", choices=choices)

    def _field(
        self,
        name: str,
        default: str,
        *,
        choices: list[tuple[str, str]] | None = None,
        maximum: int = 0,
    ) -> Field:
        return Field(
            name=name,
            label=str(LABELS[name]),
            value=self._post.get(name, default),
            placeholder="",
            error=self.errors.get(name, ""),
            choices=choices or (),
            maximum=maximum,
        )


def share_errors(error: InvalidRequestError) -> dict[str, str]:
    """Return the message by the field at fault."""
    ((name, (message, *_others)),) = error.errors.items()
    return {name: message}


def _times(views: int) -> str:
    return gettext("once") if views == 1 else gettext("%(count)d times") % {"count": views}
