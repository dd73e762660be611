"""Secrets as HTML that tells digits and symbols from letters, by shape as well as by colour."""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_RUN: Final = re.compile(r"(?P<d>[0-9]+)|(?P<s>[^0-9A-Za-z]+)", re.ASCII)


def marked(secret: str) -> SafeString:
    """Return the secret with its runs of digits and of symbols in elements of their own.

    The text of the elements together is the secret, character for character, so that it can be
    selected and copied.
    """
    pieces: list[str] = []
    end = 0
    for run in _RUN.finditer(secret):
        pieces.append(escape(secret[end : run.start()]))
        pieces.append(f'<b class="{run.lastgroup}">{escape(run[0])}</b>')
        end = run.end()
    pieces.append(escape(secret[end:]))
    return mark_safe("".join(pieces))  # noqa: S308  # every piece is escaped
