"""Faults of everything the app depends on, with real servers and clients that never try again."""
