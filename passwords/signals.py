"""Signals for the metrics. None has a secret, an owner or a text from outside."""

from typing import Final

from django.dispatch import Signal

secrets_drawn: Final = Signal(use_caching=True)
"""Secrets were drawn, or a draft was kept: ``kind``, ``channel`` (str), ``count`` (int, from 1)."""

recents_failed: Final = Signal(use_caching=True)
"""The store failed: ``reason`` (``away``, ``refused``, or ``paused``: it was not called)."""

recents_recovered: Final = Signal(use_caching=True)
"""The store works again."""

database_failed: Final = Signal(use_caching=True)
"""A database operation failed: ``error``, the name of the exception's class."""

share_created: Final = Signal(use_caching=True)
"""A one-time link was made: ``channel`` (str)."""

share_opened: Final = Signal(use_caching=True)
"""One view of a one-time link was used."""

shares_ended: Final = Signal(use_caching=True)
"""One-time links ended: ``state`` (``opened``, ``expired``, ``revoked``, ``locked``), ``count``."""

keys_compared: Final = Signal(use_caching=True)
"""The keys were compared with other processes': ``differing``, the settings that differ (tuple)."""

history_waiting: Final = Signal(use_caching=True)
"""The number of rows that wait for the database has changed: ``rows`` (int)."""

history_lost: Final = Signal(use_caching=True)
"""Rows were lost: ``rows`` (int), ``reason`` (``full``, ``refused``, ``stopped``)."""
