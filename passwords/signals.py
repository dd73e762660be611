"""What the app tells its counters. No signal carries a secret, an owner or a text from outside."""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

secrets_drawn: Final = Signal(use_caching=True)
"""For one request: ``kind`` and ``surface`` (str), ``count`` (int, 1 or more)."""

recents_failed: Final = Signal(use_caching=True)
"""The store did not do its work: ``reason`` (``away``, ``refused``, or ``paused``: not asked)."""

history_failed: Final = Signal(use_caching=True)
"""The database did not take rows at once: ``error``, the name of the exception's class."""

history_lost: Final = Signal(use_caching=True)
"""Rows will never be written: ``rows`` (int), ``reason`` (``full``, ``refused``, ``stopped``)."""
