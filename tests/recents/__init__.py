"""Tests of the recents: one contract, two adapters."""
