"""Tests of the history: its writer, its queries and its figures."""
