"""What a format makes of a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text that somebody pastes.

    Attributes:
        text: without a newline at its end; ``repr`` does not show it.
        note: what to know before pasting it: an English sentence to translate, in %-format. It
            never holds the secret.
        note_params: the values for the note.
    """

    text: str = field(repr=False)
    note: str = ""
    note_params: Mapping[str, str] = field(default_factory=dict)
