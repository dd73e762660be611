"""Secrets as HTML that marks digits and symbols."""

import html
import re
import string
from typing import Final

from django.utils.safestring import SafeString, mark_safe

_RUN: Final = re.compile(r"([0-9]+|[\W_]+)")
_DIGITS: Final = frozenset("0123456789")


def highlight(secret: str) -> SafeString:
    """Return the secret as HTML that marks its digits and its symbols.

    The text of the elements is exactly the secret, so that it can be selected and copied.
    """
    parts = _RUN.split(secret)  # letters, which need no escape, alternate with runs
    parts[1::2] = [_OF_ONE.get(run) or _in_element(run) for run in parts[1::2]]
    return mark_safe("".join(parts))  # noqa: S308  # see above


def _in_element(run: str) -> str:
    return f'<b class="{"d" if run[0] in _DIGITS else "s"}">{html.escape(run)}</b>'


# Most runs are of one character.
_OF_ONE: Final = {
    character: _in_element(character) for character in string.punctuation + string.digits
}
