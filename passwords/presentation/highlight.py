"""Secrets as HTML that tells digits and symbols from letters, by shape as well as by colour."""

from __future__ import annotations

import html
import re
from typing import Final

from django.utils.safestring import SafeString, mark_safe

_RUN: Final = re.compile(r"(?P<d>[0-9]+)|(?P<s>[^0-9A-Za-z]+)", re.ASCII)


def highlight(secret: str) -> SafeString:
    """Return the secret with its runs of digits and of symbols in elements of their own.

    The text of the elements together is the secret, character for character, so that it can be
    selected and copied.
    """
    return mark_safe(_RUN.sub(_in_element, secret))  # noqa: S308  # letters need no escape


def _in_element(run: re.Match[str]) -> str:
    return f'<b class="{run.lastgroup}">{html.escape(run[0])}</b>'
