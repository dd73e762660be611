"""Tests of the JSON API and its contract."""
